// What a page costs its main thread in each frame, by the browser's own tracing.

import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

export const FRAME_MS = 1000 / 60

/**
 * Thread time of the page's main thread while something happens, in milliseconds: of each frame, sorted, and in all by what
 * it was spent on. A task belongs to the last frame that began before it.
 */
export async function traced (cdp, happen) {
  const events = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  const complete = new Promise(resolve => cdp.once('Tracing.tracingComplete', resolve))
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'toplevel', 'disabled-by-default-devtools.timeline.frame'] }
  })
  await happen()
  await cdp.send('Tracing.end')
  await complete
  return framesOf(events)
}

const PARTS = { UpdateLayoutTree: 'style', Layout: 'layout', PrePaint: 'paint', Paint: 'paint', Layerize: 'paint', Commit: 'paint', FunctionCall: 'script', FireAnimationFrame: 'script', HitTest: 'hit test' }

function framesOf (events) {
  const begins = events.filter(e => e.name === 'BeginMainThreadFrame')
  const thread = mostCommon(begins.map(e => `${e.pid}:${e.tid}`))
  const own = events.filter(e => `${e.pid}:${e.tid}` === thread)
  const starts = own.filter(e => e.name === 'BeginMainThreadFrame').map(e => e.ts).sort((a, b) => a - b)
  const tasks = own.filter(e => (e.name === 'RunTask' || e.name === 'ThreadControllerImpl::RunTask') && e.ph === 'X').sort((a, b) => a.ts - b.ts)
  const frames = starts.map(() => 0)
  let frame = 0
  for (const task of tasks) {
    while (frame + 1 < starts.length && starts[frame + 1] <= task.ts) frame++
    if (task.ts >= starts[0]) frames[frame] += (task.tdur ?? task.dur) / 1000
  }
  return { frames: frames.slice(0, -1).sort((a, b) => a - b), parts: partsOf(own.filter(({ name, ph, ts }) => PARTS[name] && ph === 'X' && ts >= starts[0])) }
}

// Style that a script asks for is style, not script.
function partsOf (events) {
  const parts = {}
  const open = []
  const add = (name, ms) => { parts[PARTS[name]] = (parts[PARTS[name]] ?? 0) + ms }
  for (const { name, ts, dur, tdur } of events.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
    while (open.length > 0 && open.at(-1).end <= ts) open.pop()
    const ms = (tdur ?? dur) / 1000
    if (open.length > 0) add(open.at(-1).name, -ms)
    add(name, ms)
    open.push({ name, end: ts + dur })
  }
  return parts
}

function mostCommon (values) {
  const counts = new Map()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

export function quantile (sorted, q) {
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0).toFixed(2))
}

export async function launch () {
  const path = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome'].map(name => `/usr/bin/${name}`).find(existsSync)
  if (!path) throw new Error('no browser: install Debian\'s package "chromium", or run `make install`')
  return chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  })
}

/** A page of a signed-in person, and its connection to the browser's tools. */
export async function openPage (browser, server, cookie) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const [key] = cookie.split('=', 1)
  await context.addCookies([{ name: key, value: cookie.slice(key.length + 1), url: server.url }])
  const page = await context.newPage()
  return { context, page, cdp: await context.newCDPSession(page) }
}
