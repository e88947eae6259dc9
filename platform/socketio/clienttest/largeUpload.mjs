// Sends eight files of 10 MiB by polling with a client of 2.x; prints what the
// server acknowledged.
import { connected } from './clients.js'

const files = {}
for (let i = 0; i < 8; i++) files[`file${i}`] = Buffer.alloc(10 << 20, i)
const socket = await connected('2', { transport: 'polling' })
socket.on('disconnect', reason => {
  console.error(`disconnected: ${reason}`)
  process.exit(1)
})
socket.emit('upload', { files }, answer => {
  console.log(JSON.stringify(answer))
  process.exit(0)
})
