/** Computes the contrast of everything that lies on the colour of a board, in both themes, from the tokens themselves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (name) => readFileSync(new URL(`../../css/${name}`, import.meta.url), 'utf8');
const tokens = Object.fromEntries([...read('tokens.css').matchAll(/^ {4}(--[\w-]+): (.+);/gm)].map(([, name, value]) => [name, value]));
const boards = boardColours(read('components/boardColour.css'));

const TEXT = 4.5; // WCAG 2.2 AA, 1.4.3
const SHAPE = 3; // 1.4.11
const STEPS = [0, 0.25, 0.5, 0.75, 1]; // along a gradient

for (const theme of ['light', 'dark']) {
  for (const [name, { from, to }] of Object.entries(boards)) {
    test(`what lies on the board "${name}" can be read (${theme})`, () => {
      for (const step of STEPS) {
        const board = between(colour(from, theme), colour(to, theme), step);
        const on = (...layers) => layers.reduce((below, layer) => over(colour(layer, theme), below), board);
        const list = on('--color-board-list');
        const list2 = over(colour('--color-surface-hover', theme), list);
        const pairs = [
          ['--color-on-board', board, TEXT], ['--color-on-board-muted', board, TEXT], ['--color-board-line', board, SHAPE],
          ['--color-on-board', on('--color-board-control'), TEXT], ['--color-on-board', on('--color-board-control-hover'), TEXT],
          ['--color-text', list, TEXT], ['--color-text-muted', list, TEXT], ['--color-accent', list, SHAPE], ['--color-danger', list, TEXT],
          ['--color-text', list2, TEXT], ['--color-focus', list, SHAPE],
        ];
        for (const [ink, ground, least] of pairs) atLeast(contrast(over(colour(ink, theme), ground), ground), least, `${ink} at ${step}`);
        // The main button is the board's first colour on its light ink.
        atLeast(contrast(colour(from, theme), colour('--color-on-board', theme)), TEXT, 'main button');
      }
    });
  }
}

test('labels, texts and buttons can be read on their grounds', () => {
  for (const theme of ['light', 'dark']) {
    const tints = Object.keys(tokens).filter((name) => /^--color-tint-\d$/.test(name)).map((name) => ['--color-on-tint', name]);
    const faces = Object.keys(tokens).filter((name) => /^--color-face-\d$/.test(name)).map((name) => ['--color-on-face', name]);
    const pairs = [
      ...faces, ...['--color-surface', '--color-surface-raised', '--color-surface-sunken', '--color-surface-hover'].flatMap((ground) => [['--color-text', ground], ['--color-text-muted', ground]]),
      ['--color-accent', '--color-surface'], ['--color-accent', '--color-surface-raised'], ['--color-on-accent', '--color-accent'], ['--color-on-accent', '--color-accent-hover'],
      ['--color-on-accent-soft', '--color-accent-soft'], ['--color-on-danger', '--color-danger'], ['--color-on-danger', '--color-danger-hover'],
      ['--color-danger', '--color-danger-soft'], ['--color-warning', '--color-warning-soft'], ['--color-success', '--color-success-soft'],
      ['--color-text', '--color-highlight'], ['--color-text-inverse', '--color-surface-inverse'], ...tints,
    ];
    for (const [ink, ground] of pairs) atLeast(contrast(colour(ink, theme), colour(ground, theme)), TEXT, `${ink} on ${ground} (${theme})`);
    atLeast(contrast(colour('--color-border-strong', theme), colour('--color-surface-raised', theme)), SHAPE, `edge of fields (${theme})`);
  }
});

function atLeast(ratio, least, what) {
  assert.ok(ratio >= least, `${what}: ${ratio.toFixed(2)}, less than ${least}`);
}

// The rules of boardColour.css: each class sets its ends, the others are those of the first rule.
function boardColours(css) {
  const rules = [...css.matchAll(/\.boardColour-(\w+) \{\s*((?:--board-\w+: var\(--[\w-]+\);\s*)+)\}/g)];
  const ends = (body) => Object.fromEntries([...body.matchAll(/--board-(from|to): var\((--[\w-]+)\)/g)].map(([, end, token]) => [end, token]));
  const all = { teal: {}, ...Object.fromEntries(rules.map(([, name, body]) => [name, ends(body)])) };
  assert.ok(Object.keys(all).length >= 12, 'all colours are found in boardColour.css');
  return Object.fromEntries(Object.entries(all).map(([name, { from = '--color-board-teal', to = from }]) => [name, { from, to }]));
}

/** A token's colour in a theme: `{l, c, h, alpha}`. */
function colour(token, theme) {
  let value = tokens[token];
  assert.ok(value, `there is no token ${token}`);
  const [, light, dark] = value.match(/^light-dark\((oklch\(.+\)), (oklch\(.+\))\)$/) ?? [];
  if (light) value = theme === 'light' ? light : dark;
  const [, reference] = value.match(/^var\((--color[\w-]+)\)$/) ?? [];
  if (reference) return colour(reference, theme);
  const [, inner] = value.match(/^oklch\((.+)\)$/);
  const parts = inner.replace(/var\((--[\w-]+)\)/, (whole, name) => tokens[name]).split(/[ /]+/).filter(Boolean);
  const [l, c, h, alpha = '100%'] = parts.map((part) => part.replace('deg', ''));
  return { l: Number(l), c: Number(c), h: Number(h), alpha: Number(alpha.replace('%', '')) / 100 };
}

// As `linear-gradient(in oklch)`: the shorter way round.
function between(a, b, step) {
  const turn = ((b.h - a.h + 540) % 360) - 180;
  return { l: a.l + (b.l - a.l) * step, c: a.c + (b.c - a.c) * step, h: a.h + turn * step, alpha: 1 };
}

// A translucent colour on an opaque one, mixed as browsers do, in sRGB.
function over(above, below) {
  const [a, b] = [rgb(above), rgb(below)];
  return { rgb: a.map((channel, i) => channel * above.alpha + b[i] * (1 - above.alpha)), alpha: 1 };
}

function rgb({ rgb: known, l, c, h }) {
  if (known) return known;
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const [long, medium, short] = [l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.291485548 * b].map((x) => x ** 3);
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short, -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ].map((x) => Math.min(1, Math.max(0, x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)));
}

function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(any) {
  const [r, g, b] = rgb(any).map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
