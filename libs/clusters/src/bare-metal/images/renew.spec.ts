import { RecordingRunner } from '@berth/exec';
import { fakeMachine } from '../machine/fake-machine';
import { renewOnNode } from './renew';

const reference = 'localhost:5000/kube-proxy:v1.34.4';

it("takes the node's copy of an image that was pushed again away", async () => {
  const runner = new RecordingRunner().when(['ctr'], { stdout: `${reference}\n` });
  await renewOnNode(fakeMachine({ runner }), reference, () => undefined);
  expect(runner.lines).toHaveLength(2);
  expect(runner.lines[1]).toMatch(
    /^ctr .* --namespace k8s\.io images rm localhost:5000\/kube-proxy:v1\.34\.4$/,
  );
});

it('leaves a node alone that has none of it', async () => {
  const runner = new RecordingRunner().when(['ctr'], { stdout: '' });
  await renewOnNode(fakeMachine({ runner }), reference, () => undefined);
  expect(runner.lines).toHaveLength(1);
});
