/** What the key and the menu entries of labels do; see lib/everything.js. The entry for their names appears with the first label. */
export default ({ opens, win }) => ({
  keys: { l: { seen: opens('#w-pickLabelsWin') } },
  menus: {
    'menu of a card': { label: opens('#w-pickLabelsWin') },
    'menu of several cards': { label: opens('#w-pickLabelsWin') },
    'bar of the selection': { labels: opens('#w-pickLabelsWin') },
    'settings of the project': { labels: win('labels') },
  },
});
