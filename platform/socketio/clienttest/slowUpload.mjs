// Sends 500 KB over a line that the Go test makes slow, with every client and
// transport at once; prints who was cut.
import { connected } from './clients.js'

const content = Buffer.alloc(500_000, 7)

async function upload (version, transport) {
  const socket = await connected(version, { transport })
  return await new Promise(resolve => {
    socket.on('disconnect', reason => resolve(`disconnected: ${reason}`))
    socket.emit('files', { name: 'a', files: { a: content } }, answer => {
      const got = answer?.files?.a
      resolve(got?.byteLength === content.length || got?.length === content.length ? 'ok' : `answered ${JSON.stringify(answer).slice(0, 100)}`)
      socket.disconnect()
    })
  })
}

const jobs = []
for (const version of ['1', '2', '3', '4']) {
  for (const transport of ['websocket', 'polling']) {
    jobs.push(upload(version, transport).catch(String).then(result => ({ version, transport, result })))
  }
}
const failed = (await Promise.all(jobs)).filter(job => job.result !== 'ok')
if (failed.length > 0) {
  console.error(failed)
  process.exit(1)
}
process.exit(0)
