"""A Kubernetes of one node on this machine, from the processes that make one up; for those without kind or minikube.

It needs Linux, root, and containerd, runc, etcd, buildah and the CNI plugins of the distribution. Everything listens
on loopback or on a bridge of its own, and `down` leaves nothing behind.
"""
