/**
 * Loads from this server what a CDN does not deliver. It is in pages only if the bundle is elsewhere (`TASKSTACK_STATIC_URL`), comes from this server
 * itself, and is a classic script before all others, since it must hear their errors.
 */
(() => {
  const { cdn, own } = document.currentScript.dataset;

  addEventListener('error', ({ target: node }) => {
    const name = { LINK: 'href', SCRIPT: 'src', IMG: 'src' }[node.tagName];
    if (!name || !node[name].startsWith(cdn)) return;
    const address = own + node[name].slice(cdn.length);
    if (node.tagName === 'IMG') {
      node.src = address;
      return;
    }
    // A script that has failed is never loaded again, so that another element takes its place.
    const next = document.createElement(node.localName);
    for (const { name: attribute, value } of node.attributes) next.setAttribute(attribute, value);
    next[name] = address;
    node.replaceWith(next);
  }, true);
})();
