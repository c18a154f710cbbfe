/** The image of Node that `npm start` has put into the local registry. */
export async function nodeImage(): Promise<string> {
  const answer = await fetch('http://localhost:5000/v2/berth/node/tags/list');
  const { tags = [] } = (await answer.json()) as { tags?: string[] };
  const [tag] = tags;
  if (tag === undefined) throw new Error('The registry has no image of docker/node: run npm start.');
  return `localhost:5000/berth/node:${tag}`;
}
