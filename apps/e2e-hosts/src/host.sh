#!/bin/sh
# A host made of namespaces, for tests: `sh host.sh <folder> <cgroup>` starts it, and ends when it does. Its first
# process is sshd; whoever kills that, or this, cuts its power. The folder has its address, sshd's configuration, and
# `disk`, which keeps what the host writes; it needs the packages of a cluster's host on the machine.
set -eu
folder=$1
cgroup=$2

if [ "${3:-outside}" = outside ]; then
  # Its cgroups look like all there are, as its processes do.
  for controller in /sys/fs/cgroup/*/; do
    mkdir -p "$controller$cgroup"
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$controller$file" ] || [ -s "$controller$cgroup/$file" ] && continue
      cat "$controller$file" >"$controller$cgroup/$file"
    done
    echo $$ >"$controller$cgroup/cgroup.procs"
  done
  exec unshare --mount --net --uts --ipc --pid --cgroup --fork --kill-child --propagation private \
    sh "$0" "$folder" "$cgroup" inside
fi

hostname "$(cat "$folder/disk/etc/hostname")"
controllers=$(ls /sys/fs/cgroup)

# What the machine has mounted is not the host's. What is below another mount takes another pass; what nobody can name any
# more, since its folder is gone, stays and is seen by nobody.
mounted() { awk '$5 != "/" && $5 !~ "^/(proc|dev)($|/)" { print $5 }' /proc/self/mountinfo; }
before=
while points=$(mounted) && [ "$points" != "$before" ]; do
  before=$points
  for point in $points; do umount --lazy --recursive "$point" 2>/dev/null || :; done
done
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
for controller in $controllers; do
  mkdir "/sys/fs/cgroup/$controller"
  case $controller in
    unified) mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified ;;
    systemd) mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd ;;
    *) mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller" ;;
  esac
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
# A mount of its own: it stays writable.
mount --bind "$folder" "$folder"
# A cluster of the machine's own is not there for it: overlayfs takes such a device for a file that was deleted.
if [ ! -e "$folder/disk/booted" ]; then
  for path in etc/kubernetes var/lib/kubelet var/lib/berth var/lib/etcd var/lib/cni var/log/pods var/log/containers; do
    mkdir -p "$folder/disk/${path%/*}"
    [ ! -e "/$path" ] || mknod "$folder/disk/$path" c 0 0
  done
  touch "$folder/disk/booted"
fi
# What the host writes is its own, and all else is for reading only: not even `rm -rf` reaches the machine's own cluster.
for path in etc var/lib var/log; do
  mkdir -p "$folder/disk/$path" "$folder/work/$path"
  mount -t overlay -o "lowerdir=/$path,upperdir=$folder/disk/$path,workdir=$folder/work/$path" overlay "/$path"
done
# Containers' layers cannot lie on an overlay themselves.
mkdir -p "$folder/disk/berth" /var/lib/berth-hosts
mount --bind "$folder/disk/berth" /var/lib/berth-hosts
for path in root tmp; do
  mkdir -p "$folder/disk/$path"
  mount --bind "$folder/disk/$path" "/$path"
done

ip link set lo up
# Whoever started this plugs the cable in.
until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip address add "$(cat "$folder/address")" dev eth0
ip link set eth0 up
mount --make-rshared /
exec 2>>"$folder/sshd.log"
mount -o remount,bind,ro /
exec /usr/sbin/sshd -D -e -f "$folder/sshd_config"
