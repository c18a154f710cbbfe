#!/bin/sh
# A machine with dockerd, made of namespaces, for tests: `unshare --mount --net --uts --pid … sh testing-node.sh <folder>
# <name> <address> <cgroup> <registry socket>=<port>…`. What it keeps is in the folder; all else of it ends with its first
# process, which is this. FORWARDER is the program that leads ports to sockets.
set -eu
folder=$1
name=$2
address=$3
cgroup=$4
shift 4

hostname "$name"
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
ip link set lo up
# Whoever started this plugs the cable in.
until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip address add "$address/24" dev eth0
ip link set eth0 up

for registry in "$@"; do
  node -e "$FORWARDER" "${registry#*=}" "${registry%%=*}" &
done
containerd --root "$folder/containerd" --state /run/containerd --address /run/containerd.sock \
  >"$folder/containerd.log" 2>&1 &
until [ -S /run/containerd.sock ]; do sleep 0.05; done
rm -f "$folder/docker.sock"
dockerd --config-file "$folder/daemon.json" --data-root "$folder/data" --exec-root /run/docker \
  --pidfile /run/docker.pid --containerd /run/containerd.sock --cgroup-parent "/$cgroup" \
  --host unix:///run/docker.sock --host "unix://$folder/docker.sock" \
  --host "tcp://$address:2376" --tlsverify --tlscacert "$folder/ca.pem" --tlscert "$folder/server.crt" \
  --tlskey "$folder/server.key" >>"$folder/dockerd.log" 2>&1 &
wait
