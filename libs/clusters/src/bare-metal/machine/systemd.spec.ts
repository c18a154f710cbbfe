import { existsSync, mkdtempSync, rmSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFiles, RecordingRunner, type Unit } from '@berth/exec';
import { Systemd, unitText } from './systemd';

const unit: Unit = {
  name: 'kubelet',
  argv: ['/opt/kubelet', '--note=50% of $5', '$FLAGS'],
  environmentFiles: ['/etc/flags.env'],
  waitForFiles: ['/etc/a file'],
  waitForSockets: ['/run/c.sock'],
  removeFirst: ['/run/old.pid'],
  runFirst: [['/usr/sbin/ip', '-batch', '/etc/a file']],
};

const folder = mkdtempSync(join(tmpdir(), 'systemd-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('Systemd', () => {
  it('writes a unit that waits, expands only what is meant to be, and restarts for ever', () => {
    const text = unitText(unit);
    expect(text).toContain('ExecStart=/opt/kubelet "--note=50%% of $$5" $FLAGS\n');
    expect(text).toContain('ExecStartPre=/usr/bin/test -e "/etc/a file"\n');
    expect(text).toContain('ExecStartPre=/usr/bin/test -S /run/c.sock\n');
    expect(text).toContain('ExecStartPre=/usr/bin/rm -f /run/old.pid\n');
    expect(text).toContain('ExecStartPre=-/usr/sbin/ip -batch "/etc/a file"\n');
    expect(text).toContain('EnvironmentFile=-/etc/flags.env\n');
    expect(text).toContain('Restart=always\n');
    expect(text).toContain('KillMode=process\n');
  });

  it('starts once, restarts on a change and forgets on stop', async () => {
    const runner = new RecordingRunner().when(['systemctl', 'is-active'], { stdout: 'active\n' });
    const systemd = new Systemd(runner, new LocalFiles(), folder);
    await systemd.ensure(unit);
    await systemd.ensure(unit);
    const restarts = () => runner.lines.filter((line) => line.startsWith('systemctl restart')).length;
    expect(restarts()).toBe(1);
    await systemd.ensure({ ...unit, argv: ['/opt/kubelet'] });
    expect(restarts()).toBe(2);
    expect(readFileSync(join(folder, 'berth-kubelet.service'), 'utf8')).toContain('ExecStart=/opt/kubelet\n');
    await systemd.stop('kubelet');
    expect(runner.lines).toContain('systemctl disable --now berth-kubelet.service');
    expect(existsSync(join(folder, 'berth-kubelet.service'))).toBe(false);
  });
});
