import { mountPoints } from './mounts';

describe('mountPoints', () => {
  it('gives own mounts, the deepest last mounted first, with spaces decoded', () => {
    const info = [
      '1 0 8:1 / / rw - ext4 /dev/vda rw',
      '2 1 0:5 / /var/lib/kubelet/pods/a rw - tmpfs tmpfs rw',
      '3 2 0:6 / /var/lib/kubelet/pods/a/b\\040c rw - tmpfs tmpfs rw',
      '4 1 0:7 / /var/lib/kubelet2 rw - tmpfs tmpfs rw',
    ].join('\n');
    expect(mountPoints(info, ['/var/lib/kubelet'])).toEqual([
      '/var/lib/kubelet/pods/a/b c',
      '/var/lib/kubelet/pods/a',
    ]);
  });
});
