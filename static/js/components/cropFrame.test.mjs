import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CropFrame } from './cropFrame.js';

test('the initial crop is the largest square in the centre', () => {
  assert.deepEqual(new CropFrame(600, 400).square, { x: 100, y: 0, side: 400 });
  assert.deepEqual(new CropFrame(300, 900).square, { x: 0, y: 300, side: 300 });
});

test('the square never leaves the picture', () => {
  const frame = new CropFrame(600, 400);
  frame.move(5, 5);
  assert.deepEqual(frame.square, { x: 200, y: 0, side: 400 });
  frame.zoomTo(4);
  frame.move(-9, -9);
  assert.deepEqual(frame.square, { x: 0, y: 0, side: 100 });
  frame.zoomTo(1);
  assert.deepEqual(frame.square, { x: 0, y: 0, side: 400 });
});

test('zooming keeps the point under the pointer', () => {
  const frame = new CropFrame(400, 400);
  frame.zoomTo(2, 0.25, 0.75);
  assert.deepEqual(frame.square, { x: 50, y: 150, side: 200 });
  assert.equal(frame.square.x + 0.25 * frame.side, 100);
  assert.equal(frame.square.y + 0.75 * frame.side, 300);
});

test('zoom has limits', () => {
  const frame = new CropFrame(400, 400);
  for (const [asked, got] of [[0, 1], [-3, 1], [3, 3], [1000, 8]]) {
    frame.zoomTo(asked);
    assert.equal(frame.zoom, got);
  }
});
