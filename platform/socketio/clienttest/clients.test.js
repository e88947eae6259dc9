import assert from "node:assert/strict";
import { test, describe } from "node:test";
import { ask, connected, control, engine, next, open, transports, upgraded, versions } from "./clients.js";

const text = "größer – 日本語 – 🎉 – \u2028 \\n \n";

for (const version of versions) {
  describe(`client ${version}`, { concurrency: false }, () => {
    for (const transport of Object.keys(transports)) {
      test(`${transport}: connects, echoes, acknowledges`, async () => {
        const socket = await connected(version, { transport });
        const echoed = next(socket, "echo");
        socket.emit("echo", { text, list: [1, null, true] }, "second");
        // With recovery on, clients of protocol 5 get an offset as a last argument.
        assert.deepEqual((await echoed).slice(0, 2), [{ text, list: [1, null, true] }, "second"]);
        assert.deepEqual(await ask(socket, "double", 21), 42);
        assert.deepEqual(await ask(socket, "whoami"), { id: socket.id, protocol: version > "2" ? 4 : 3 });
        if (transport !== "default") assert.equal(engine(socket).transport.name, transport);
        socket.close();
      });

      test(`${transport}: binary both ways, nested anywhere`, async () => {
        const socket = await connected(version, { transport });
        const data = Buffer.from([0, 1, 2, 253, 254, 255]);
        const back = next(socket, "files");
        const reply = await ask(socket, "files", { name: text, files: { "a.bin": data, "b.bin": Buffer.alloc(0), "c.bin": Buffer.alloc(70_000, 7) } });
        assert.equal(reply.name, text);
        for (const got of [reply, (await back)[0]]) {
          assert.deepEqual(Buffer.from(got.files["a.bin"]), data);
          assert.equal(Buffer.from(got.files["b.bin"]).length, 0);
          assert.deepEqual(Buffer.from(got.files["c.bin"]), Buffer.alloc(70_000, 7));
        }
        socket.close();
      });

      test(`${transport}: answers what the server asks, binary too`, async () => {
        const socket = await connected(version, { transport });
        socket.on("question", (n, answer) => answer({ n: n + 1, data: Buffer.from([n]) }));
        assert.deepEqual(await ask(socket, "askme", 4), { n: 5, data: [4] });
        socket.close();
      });

      test(`${transport}: keeps the order under load, through the upgrade`, async () => {
        const socket = await connected(version, { transport });
        const count = 300;
        const got = [];
        const all = new Promise((resolve) => socket.on("echo", (n) => got.push(n) === count && resolve()));
        for (let n = 0; n < count; n++) {
          socket.emit("echo", n);
          if (n % 50 === 0) await new Promise(setImmediate);
        }
        await all;
        assert.deepEqual(got, [...Array(count).keys()]);
        socket.close();
      });

      test(`${transport}: namespaces`, async () => {
        const socket = await connected(version, { transport, namespace: "/project" });
        assert.deepEqual(await ask(socket, "where"), "/project");
        const { id } = await ask(socket, "whoami");
        // Clients 1.x know the connection's id only.
        assert.equal(id, version === "1" ? `/project#${socket.id}` : socket.id);
        const gone = next(socket, "disconnect");
        socket.emit("kick");
        assert.equal((await gone)[0], "io server disconnect");
        socket.close();
      });

      test(`${transport}: a namespace that is not ASCII`, async () => {
        const socket = await connected(version, { transport, namespace: "/grüße-日本" });
        assert.equal(await ask(socket, "where"), "/grüße-日本");
        const back = next(socket, "files");
        const reply = await ask(socket, "files", { name: text, files: { x: Buffer.from([1, 255]) } });
        for (const got of [reply, (await back)[0]]) {
          assert.equal(got.name, text);
          assert.deepEqual(Buffer.from(got.files.x), Buffer.from([1, 255]));
        }
        socket.close();
      });

      test(`${transport}: text only, with forceBase64`, async () => {
        const socket = await connected(version, { transport, forceBase64: true });
        if (transport === "default") await upgraded(socket);
        const back = next(socket, "files");
        const data = Buffer.from([0, 1, 253, 254, 255]);
        const reply = await ask(socket, "files", { name: text, files: { x: data, y: Buffer.alloc(0) } });
        for (const got of [reply, (await back)[0]]) {
          assert.deepEqual(Buffer.from(got.files.x), data);
          assert.equal(Buffer.from(got.files.y).length, 0);
        }
        socket.close();
      });

      test(`${transport}: leaves and comes back at once, over and over`, async () => {
        const main = await connected(version, { transport });
        const project = main.io.socket("/project");
        project.open();
        await next(project, "connect");
        for (let n = 0; n < 20; n++) {
          const gone = next(project, "disconnect");
          const back = gone.then(() => {
            const connecting = next(project, "connect");
            project.open();
            return connecting;
          });
          if (n % 2) project.emit("kick");
          else project.disconnect();
          await back;
          assert.equal(await ask(project, "where"), "/project");
        }
        main.close();
        project.close();
      });

      test(`${transport}: refused with 401`, async () => {
        const socket = open(version, { transport, query: { refuse: "1" } });
        const [error] = await next(socket, "connect_error");
        assert.ok(error);
        socket.close();
      });
    }

    test("WebSocket subprotocols are answered", async () => {
      const socket = await connected(version, { transport: "websocket", protocols: ["one", "two"] });
      assert.equal(await ask(socket, "double", 4), 8);
      socket.close();
    });

    test("default: upgrades to WebSocket", async () => {
      const socket = await connected(version);
      await upgraded(socket);
      assert.equal(await ask(socket, "double", 4), 8);
      socket.close();
    });

    test("a namespace that refuses says why", async () => {
      const socket = open(version, { namespace: "/private" });
      const [error] = await next(socket, version > "2" ? "connect_error" : "error");
      assert.equal(version > "2" ? error.message : error, "not for you");
      if (version > "2") assert.deepEqual(error.data, { hint: "token" });
      socket.close();
    });

    test("a namespace that nobody made is refused", async () => {
      const socket = open(version, { namespace: "/nobody" });
      const [error] = await next(socket, version > "2" ? "connect_error" : "error");
      assert.equal(version > "2" ? error.message : error, "Invalid namespace");
      socket.close();
    });

    test("a token lets in", async () => {
      const options = version > "2" ? { auth: { token: "right" } } : { query: { token: "right" } };
      const socket = await connected(version, { namespace: version > "2" ? "/private" : "/private?token=right", ...options });
      assert.equal(await ask(socket, "where"), "/private");
      socket.close();
    });

    test("several namespaces over one connection", async () => {
      const main = await connected(version);
      const project = main.io.socket("/project");
      project.open();
      await next(project, "connect");
      assert.equal(await ask(project, "where"), "/project");
      assert.equal(await ask(main, "where"), "/");
      const left = control("project-left");
      project.disconnect();
      await left;
      assert.equal(await ask(main, "double", 1), 2);
      main.close();
    });

    test("bad arguments are answered and harm nothing", async () => {
      const socket = await connected(version);
      for (const bad of [null, "x", {}, [], true, 1.5, "x".repeat(200_000)]) {
        assert.equal((await ask(socket, "double", bad)).error, "invalid");
      }
      assert.equal((await ask(socket, "double")).error, "invalid");
      assert.equal((await ask(socket, "never heard of")).error, "unknown");
      assert.equal((await ask(socket, "panic")).error, "internal");
      assert.equal(await ask(socket, "double", "4"), 8);
      socket.close();
    });

    test("comes back after the server restarts", async () => {
      const socket = await connected(version, { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 100 });
      const gone = next(socket, "disconnect");
      const back = gone.then(() => next(socket, "connect"));
      await control("restart");
      await back;
      assert.equal(await ask(socket, "double", 3), 6);
      socket.close();
    });
  });
}

describe("connection state recovery", () => {
  test("a client 4.x gets what it missed, once and in order", async () => {
    const socket = await connected("4", { reconnection: true, reconnectionDelay: 200, reconnectionDelayMax: 200, transport: "websocket" });
    await ask(socket, "join", "lost and found");
    const got = [];
    socket.on("news", (n) => got.push(n));
    await control("say/lost and found/5");
    const id = socket.id;
    while (got.length < 5) await next(socket, "news");
    const back = next(socket, "connect");
    engine(socket).transport.ws.close();
    await next(socket, "disconnect");
    await control("say/lost and found/7");
    await control("say/elsewhere/3");
    await back;
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, id);
    await control("say/lost and found/2");
    while (got.length < 14) await next(socket, "news");
    assert.deepEqual(got, [...Array(5).keys(), ...Array(7).keys(), ...Array(2).keys()]);
    socket.close();
  });
});

for (const version of ["2", "4"]) {
  test(`300 default clients ${version}, 20 ms apart, all get every message`, { timeout: 120_000 }, async () => {
    const clients = [];
    const ready = [];
    for (let i = 0; i < 300; i++) {
      const socket = open(version);
      const record = { socket, got: [] };
      socket.on("news", (n) => record.got.push(n));
      clients.push(record);
      ready.push(next(socket, "connect", 60_000).then(() => ask(socket, "join", `crowd ${version}`)));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(ready);
    await control(`say/crowd ${version}/20`);
    const deadline = Date.now() + 30_000;
    while (clients.some((c) => c.got.length < 20) && Date.now() < deadline) await new Promise((r) => setTimeout(r, 20));
    const expected = [...Array(20).keys()];
    for (const c of clients) assert.deepEqual(c.got, expected);
    for (const c of clients) await upgraded(c.socket);
    for (const c of clients) c.socket.close();
  });
}
