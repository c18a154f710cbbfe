/** Joins what is connected to one socket to another one: `node -e … <from> <to>`; a number is a port of 127.0.0.1, or of `host:`. */
export const forwarder = `
const net = require('node:net');
const [from, to] = process.argv.slice(1);
const at = (text) => {
  const [, host = '127.0.0.1', port] = /^(?:([0-9.]+):)?([0-9]+)$/.exec(text) || [];
  return port === undefined ? { path: text } : { host, port: Number(port) };
};
net.createServer((one) => {
  const other = net.connect(at(to));
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
}).listen(at(from));
`;
