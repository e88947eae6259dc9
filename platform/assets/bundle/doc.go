// Package bundle makes the front end that platform/assets serves: scripts and
// styles bundled by esbuild, fonts and pictures, all under hashed names and
// compressed, and the default avatars.
//
// Two things are found by folder, so that a new feature edits no list:
//
//   - in CSS, @import "./components/*.css" is every file there, by name;
//   - in scripts, the module "elements:files" maps every custom element's tag
//     to the import() of its file. A file with a default-exported class is one:
//     js/cards/quickAdd.js is <cards-quick-add>, js/components/menu.js <ui-menu>.
package bundle
