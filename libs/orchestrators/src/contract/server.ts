/** The port that the server of the suites listens on. */
export const serverPort = 8080;

/**
 * Milliseconds that a question of `/load` may take: more than the gateway waits for a connection to an address at which
 * nobody is any more, before it asks another one.
 */
const loadPatienceMs = 15_000;

/** How it went, as `/loaded` says. */
export interface Load {
  asked: number;
  /** How many answers of each version. */
  answers: Record<string, number>;
  failures: string[];
}

/**
 * A server for the suites, as one program for `node -e`. Its variables say who it is: `SELF` and `VERSION`.
 * `/` says that, and in which container; `/ask?url=…` asks another one, `/load?url=…` asks over and over, with a
 * connection for each question, until `/loaded`, which says how it went; with `&host=…` they ask for that host at the
 * address. Told to end, it still answers for a second.
 */
export const serverProgram = `
const http = require('node:http');
const ask = (url, host, patience = 5000) => new Promise((resolve, reject) => {
  const sent = http.get(url, { agent: false, timeout: patience, headers: host ? { host } : {} }, (answer) => {
    let text = '';
    answer.on('data', (part) => (text += part)).on('end', () => answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error('HTTP ' + answer.statusCode))).on('error', reject);
  });
  sent.on('error', reject).on('timeout', () => sent.destroy(new Error('no answer')));
});
let load;
const begin = (url, host) => {
  const own = (load = { going: true, asked: 0, answers: {}, failures: [] });
  own.done = (async () => {
    while (own.going) {
      own.asked++;
      await ask(url, host, ${loadPatienceMs}).then(({ version }) => (own.answers[version] = (own.answers[version] || 0) + 1), (error) => own.failures.push(String(error.code || error.message)));
      await new Promise((later) => setTimeout(later, 10));
    }
  })();
};
const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://self');
  const [url, host] = [searchParams.get('url'), searchParams.get('host')];
  const say = (value, status = 200) => response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(value));
  if (pathname === '/ask') return ask(url, host).then(say, (error) => say({ failure: String(error.code || error.message) }));
  if (pathname === '/load') return begin(url, host), say({});
  if (pathname === '/loaded') { load.going = false; await load.done; const { asked, answers, failures } = load; return say({ asked, answers, failures }); }
  if (pathname === '/exit') process.exit(1);
  if (pathname === '/sick') return say({}, 500);
  if (pathname === '/variable') return say({ value: process.env[searchParams.get('name')] });
  say({ self: process.env.SELF, version: process.env.VERSION, container: require('node:os').hostname() });
});
server.listen(${serverPort}, () => console.log('listening as ' + process.env.SELF));
process.on('SIGTERM', () => setTimeout(() => process.exit(0), 1000));
`.trim();
