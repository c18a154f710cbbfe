// Runs inside a container's network and leads what comes by a unix socket, which is no part of any network, to a port
// there: `node forward.mjs <socket> <host> <port>`. Started by port-forward.ts. A connection begins with one byte once
// the port has taken it; one that the port refuses is closed without. Needs nothing but Node.
import { connect, createServer } from 'node:net';

const [path, host, port] = process.argv.slice(2);

createServer({ allowHalfOpen: true }, (outside) => {
  const inside = connect({ host, port: Number(port), allowHalfOpen: true });
  outside.on('error', () => inside.destroy());
  inside.on('error', () => outside.destroy());
  inside.once('connect', () => {
    outside.write('+');
    outside.pipe(inside).pipe(outside);
  });
}).listen(path, () => console.log('ready'));
