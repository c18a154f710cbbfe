// Asks the image as its users do; `docker-test` runs it while the container runs.
import assert from 'node:assert/strict';

const answer = await fetch(`http://${process.env.ADDRESS_HTTP}/instruments`);
assert.equal(answer.status, 200);
assert.match(answer.headers.get('content-type'), /^application\/json/);
const { instruments } = await answer.json();
assert.ok(instruments.length > 0, 'there are no instruments');
