import js from '@eslint/js';
import globals from 'globals';

// Access that a browser may refuse by an exception, each wrapped in one file of lib/ that does not throw.
const refusable = {
  localStorage: 'lib/storage.js', sessionStorage: 'lib/storage.js', indexedDB: 'lib/storage.js', caches: 'lib/storage.js',
  cookieStore: 'lib/cookies.js', Notification: 'lib/push.js', crypto: 'lib/ids.js',
};

const useInstead = (name, file) => `Looking at ${name} throws where the browser forbids it: use ${file}.`;

const restrictedSyntax = {
  keys: [
    {
      selector: 'MemberExpression[object.name=/^(e|ev|evt|event|keyEvent|keyboardEvent)$/][property.name=/^(key|code|which)$/]',
      message: 'Ask keyOf(event) or codeOf(event) of lib/keys.js: while an input method composes, keys are not ours.',
    },
    {
      selector: 'MemberExpression[property.name=/^(isComposing|keyCode|charCode)$/]',
      message: 'Ask keyOf(event) or isComposing(event) of lib/keys.js.',
    },
    {
      selector: ':function > ObjectPattern.params > Property[key.name=/^(key|isComposing|keyCode)$/]',
      message: 'Take the event whole and ask keyOf(event) of lib/keys.js.',
    },
    {
      selector: 'VariableDeclarator[init.name=/^(e|ev|evt|event|keyEvent|keyboardEvent)$/] > ObjectPattern > Property[key.name=/^(key|code|which)$/]',
      message: 'Ask keyOf(event) or codeOf(event) of lib/keys.js.',
    },
  ],
  properties: [
    {
      selector: 'MemberExpression[object.name="navigator"][property.name=/^(clipboard|storage|locks|serviceWorker)$/]',
      message: 'It does not exist on pages without TLS, and may be forbidden: use lib/clipboard.js, or a wrapper of its own in lib/.',
    },
    { selector: 'MemberExpression[object.name="document"][property.name="cookie"]', message: useInstead('document.cookie', 'lib/cookies.js') },
    {
      selector: `MemberExpression[object.name=/^(window|globalThis|self)$/][property.name=/^(${Object.keys(refusable).join('|')})$/]`,
      message: 'It throws where the browser forbids it: use its wrapper in lib/.',
    },
  ],
};

export default [
  { ignores: ['static/dist/', 'e2e/artifacts/'] },
  js.configs.recommended,
  {
    files: ['modules/notifications/worker.js'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'script', globals: globals.serviceworker },
  },
  {
    files: ['static/js/**/*.js'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: globals.browser },
  },
  {
    files: ['static/js/**/*.js'],
    rules: {
      'no-restricted-globals': ['error', ...Object.entries(refusable).map(([name, file]) => ({ name, message: useInstead(name, file) }))],
      'no-restricted-syntax': ['error', ...restrictedSyntax.keys, ...restrictedSyntax.properties],
    },
  },
  {
    files: ['static/js/lib/{storage,cookies,clipboard,ids,push}.js'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-syntax': ['error', ...restrictedSyntax.keys] },
  },
  {
    files: ['static/js/lib/keys.js'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax.properties] },
  },
  {
    files: ['static/js/**/*.mjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: globals.node },
  },
  {
    files: ['contract/**/*.mjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: globals.node },
  },
  {
    files: ['bench/**/*.mjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: globals.node },
  },
  {
    // Functions given to page.evaluate run in the browser.
    files: ['e2e/**/*.{js,mjs}'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: { ...globals.node, ...globals.browser } },
  },
  {
    rules: {
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-alert': 'error',
      'no-implied-eval': 'error',
      'no-restricted-properties': ['error', ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
        property, message: 'Make elements with el() of lib/dom.js: data must stay text.',
      }))],
    },
  },
];
