/** An nginx in front of a server, as operators have it, with limits of a test's choice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './server.js';
import { until } from './until.js';

const binary = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

/**
 * Starts one. It forwards no upgrade to WebSocket, so that sockets use polling.
 *
 * @param {string} upstream the server's URL
 * @param {{maxBody: string}} options as `client_max_body_size` has it
 * @returns {Promise<{url: string, log: () => string, stop: () => Promise<void>}>}
 */
export async function startNginx(upstream, { maxBody }) {
  if (!binary) throw new Error('no nginx: install Debian\'s package "nginx", or run `make install`');
  const dir = await mkdtemp(path.join(tmpdir(), 'taskstack-nginx-'));
  const port = await freePort();
  await writeFile(path.join(dir, 'nginx.conf'), `
    ${process.getuid() === 0 ? 'user root;' : ''} daemon off; worker_processes 1; pid ${dir}/pid; error_log stderr warn;
    events { worker_connections 256; }
    http {
      access_log off; client_max_body_size ${maxBody};
      client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
      server {
        listen 127.0.0.1:${port};
        location / { proxy_pass ${upstream}; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Connection ""; proxy_buffering off; }
      }
    }`);
  const child = spawn(binary, ['-c', path.join(dir, 'nginx.conf'), '-e', path.join(dir, 'error.log')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => { log += chunk; });
  const url = `http://127.0.0.1:${port}`;
  await until('nginx serves', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${log}`);
    return (await fetch(`${url}/healthz`).catch(() => null))?.ok;
  });
  return {
    url,
    log: () => log,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
