import { secretKeys } from './secrets';

const container = (key: string, secret = 'berth-secrets') => `
kind: Deployment
spec:
  template:
    spec:
      containers:
        - env:
            - name: X
              valueFrom: { secretKeyRef: { name: ${secret}, key: ${key} } }
`;

it('finds the keys of the environment’s Secret in every document of every manifest', () => {
  const two = `${container('STORE_PASSWORD')}---${container('API_KEY')}`;
  expect(secretKeys([two, container('STORE_PASSWORD')])).toEqual(['API_KEY', 'STORE_PASSWORD']);
});

it('leaves the Secrets of others alone', () => {
  expect(secretKeys([container('token', 'from-the-vault'), 'kind: Service'])).toEqual([]);
});
