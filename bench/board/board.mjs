// What a large board costs the browser: how much is transferred, how long until it can be used, and what dragging a
// card across it costs per frame, by the browser's own tracing. A small board in the same run is the peer.
//
//   node bench/board/board.mjs           after `make build`
//
// The figures are thread time of the page's main thread, which holds on a busy machine where wall time does not; a
// frame at 60 per second has 16.7 ms.

import { Server, logIn, makeBoard } from '../lib/server.mjs'
import { FRAME_MS, launch, openPage, quantile, traced } from '../lib/tracing.mjs'

const STEPS = 240

const server = await Server.start()
const browser = await launch()
try {
  const cookie = await logIn(server, 'dmitri')
  const rows = []
  for (const [lists, cards] of [[2, 2], [20, 25], [100, 100]]) {
    rows.push(await measure(`${lists} x ${cards}`, await makeBoard(server, cookie, `board-${lists}`, lists, cards), cookie))
  }
  for (const row of rows) row['frame, of 2 x 2'] = (row['frame p50 ms'] / rows[0]['frame p50 ms']).toFixed(2)
  console.table(rows)
} finally {
  await browser.close()
  await server.stop()
}

async function measure (name, path, cookie) {
  const { context, page, cdp } = await openPage(browser, server, cookie)
  const transferred = await open(page, cdp, server.url + path)
  const ready = await page.evaluate(() => performance.now())
  const nodes = await page.evaluate(() => document.getElementsByTagName('*').length)
  const { frames } = await traced(cdp, () => drag(page))
  await context.close()
  return {
    board: name, 'page KB': kilo(transferred.Document), 'script KB': kilo(transferred.Script), 'style KB': kilo(transferred.Stylesheet), 'all KB': kilo(transferred.all),
    'ready ms': Math.round(ready), elements: nodes, frames: frames.length, 'frame p50 ms': quantile(frames, 0.5),
    'frame p95 ms': quantile(frames, 0.95), 'frames over 16.7 ms': frames.filter(ms => ms > FRAME_MS).length
  }
}

// Compressed bytes, as they came over the line.
async function open (page, cdp, url) {
  const bytes = { Document: 0, Script: 0, Stylesheet: 0, all: 0 }
  const types = new Map()
  await cdp.send('Network.enable')
  cdp.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type))
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes.all += encodedDataLength
    if (types.get(requestId) in bytes) bytes[types.get(requestId)] += encodedDataLength
  })
  await page.goto(url)
  await page.locator('board-root[data-ready]').waitFor()
  await page.locator('[data-card-id]').first().waitFor()
  return bytes
}

/** Takes the first card through the board and back: down the list, and sideways as far as the window goes. */
async function drag (page) {
  const box = await page.locator('[data-card-id]').first().boundingBox()
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  for (let step = 0; step < STEPS; step++) {
    const way = Math.sin(step / STEPS * Math.PI)
    await page.mouse.move(from.x + way * 1150, from.y + 300 * Math.abs(Math.sin(step / 12)))
  }
  await page.keyboard.press('Escape')
  await page.mouse.up()
}

function kilo (bytes) {
  return Math.round(bytes / 1024)
}
