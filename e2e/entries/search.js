/** What the keys of the search do; see lib/everything.js. */
export default ({ opens }) => ({ keys: { '/': { seen: opens('#w-palette') }, 'Control+k': { seen: opens('#w-palette') } } });
