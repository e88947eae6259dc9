// The same small program on socket.io 2 or 4: node server.js 2|4
"use strict";
const http = require("node:http");
const version = process.argv[2];
const server = http.createServer();
const io =
  version === "2"
    ? require("socket.io-2")(server, { pingInterval: 25000, pingTimeout: 60000, serveClient: false })
    : new (require("socket.io-4").Server)(server, { allowEIO3: true, pingInterval: 25000, pingTimeout: 60000, serveClient: false });
io.on("connection", (socket) => {
  socket.join("room");
  socket.on("say", (news) => io.to("room").emit("news", news));
  socket.on("hello", (answer) => answer("welcome"));
});
server.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
