import { renderLimits } from './limits';
import { publicPort, testEnvironment } from './testing-environments';

const limitsOf = (service: object, document: object = {}) => {
  const { environment, services } = testEnvironment('staging', { web: service }, document);
  return Object.fromEntries(
    renderLimits(environment, services).rules.map((rule) => {
      expect(rule.labels).toEqual({ environment: 'staging', service: 'web' });
      return ['record' in rule && rule.record.replace('berth_model_', ''), rule.expr];
    }),
  );
};
const web = { ports: [publicPort()] };

describe('the limits of a service', () => {
  it('have a default where the models say nothing', () => {
    expect(limitsOf(web)).toEqual({
      pods_min: 'vector(1)',
      routes: 'vector(1)',
      error_ratio_limit: 'vector(0.05)',
      seconds_limit: 'vector(1)',
    });
  });

  it('follow its scale, also where the environment has another one', () => {
    const scaled = { ...web, scale: { min: 2, max: 5 } };
    expect(limitsOf(scaled)).toMatchObject({ pods_min: 'vector(2)', pods_max: 'vector(5)' });
    const services = { web: { scale: { min: 3 } } };
    expect(limitsOf(scaled, { services })).toMatchObject({ pods_min: 'vector(3)', pods_max: 'vector(5)' });
  });

  it.each([
    [1, 'vector(0.5)'],
    [3, 'vector(1.5)'],
    // A quantile is never found above the histogram's ten seconds.
    [600, 'vector(5)'],
  ])('take half of a readTimeout of %d seconds', (readTimeout, expected) => {
    expect(limitsOf({ ...web, proxy: { readTimeout } })).toMatchObject({ seconds_limit: expected });
  });

  it('are those of the service, or none where it wants none', () => {
    const alerts = { errors: 0.2, seconds: 3 };
    const said = limitsOf({ ...web, proxy: { readTimeout: 1 }, alerts });
    expect(said).toMatchObject({ error_ratio_limit: 'vector(0.2)', seconds_limit: 'vector(3)' });
    const services = { web: { alerts: { errors: false, seconds: false } } };
    expect(limitsOf({ ...web, alerts }, { services })).toEqual({
      pods_min: 'vector(1)',
      routes: 'vector(1)',
    });
  });

  it('leave the time of gRPC alone, whose calls may be streams', () => {
    expect(Object.keys(limitsOf({ ports: [publicPort('grpc')] }))).not.toContain('seconds_limit');
  });

  it('know every host that is to lead to it', () => {
    const ports = [publicPort(), { ...publicPort('ws'), port: 8081 }];
    expect(limitsOf({ ports, proxy: { hosts: ['desk.example.com'] } })).toMatchObject({
      routes: 'vector(3)',
    });
  });

  it('are the pods alone for a service without an address: the gateway counts nothing of it', () => {
    expect(limitsOf({ ports: [{ name: 'http', port: 8080 }] })).toEqual({ pods_min: 'vector(1)' });
  });
});
