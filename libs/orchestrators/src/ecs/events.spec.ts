import { firstCause, ofExecution, type ResourceEvent } from './events';

const at = new Date('2026-01-02T12:00:00Z');
const event = (logicalId: string, type: string, status: string, reason = ''): ResourceEvent => ({
  at,
  logicalId,
  physicalId: '',
  type,
  status,
  reason,
});
const stack = 'AWS::CloudFormation::Stack';

it('finds the first thing that failed by itself', () => {
  const cause = firstCause([
    event('berth-staging', stack, 'UPDATE_IN_PROGRESS', 'User Initiated'),
    event('WebService', 'AWS::ECS::Service', 'UPDATE_FAILED', 'Resource update cancelled'),
    event(
      'PricingService',
      'AWS::ECS::Service',
      'UPDATE_FAILED',
      'ECS Deployment Circuit Breaker was triggered',
    ),
    event(
      'berth-staging',
      stack,
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'The following resource(s) failed to update',
    ),
  ]);
  expect(cause?.logicalId).toBe('PricingService');
});

it('takes what the stack itself says where no resource says anything', () => {
  expect(
    firstCause([
      event('berth-staging', stack, 'CREATE_IN_PROGRESS', 'User Initiated'),
      event('berth-staging', stack, 'ROLLBACK_IN_PROGRESS', 'Resource creation quota reached'),
    ])?.reason,
  ).toBe('Resource creation quota reached');
  expect(firstCause([event('berth-staging', stack, 'UPDATE_COMPLETE')])).toBeUndefined();
});

it('reads the events of its own change set alone, oldest first', () => {
  const raw = (LogicalResourceId: string, ClientRequestToken: string | undefined, seconds: number) => ({
    StackId: '',
    EventId: '',
    StackName: '',
    LogicalResourceId,
    Timestamp: new Date(at.getTime() + seconds * 1000),
    ...(ClientRequestToken ? { ClientRequestToken } : {}),
  });
  const names = (events: Parameters<typeof ofExecution>[0]) =>
    ofExecution(events, 'mine', at).map(({ logicalId }) => logicalId);
  expect(names([raw('second', 'mine', 2), raw('other', 'theirs', 1), raw('first', 'mine', 0)])).toEqual([
    'first',
    'second',
  ]);
  expect(names([raw('now', undefined, 2), raw('before', undefined, -60)])).toEqual(['now']);
});
