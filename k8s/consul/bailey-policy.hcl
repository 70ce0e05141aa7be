# The least that Bailey's token needs in Consul. Replace CLUSTER by the value of bailey.cluster; with a bailey.export.node
# of your own, put that name instead of k8s-CLUSTER. Each rule says for what it is: leave out those that you don't need.

# The synthetic node that holds the entries: registered, read and verified by Bailey alone.
node "k8s-CLUSTER" {
  policy = "write"
}

# Every name that a service of the cluster may get. Narrow it where names have a prefix (bailey.export.prefix):
# service_prefix "k8s-" { … }. A service whose name is not covered is reported, and the others are served.
service_prefix "" {
  policy = "write"
}

# The fence: in each transaction Consul checks the key bailey/CLUSTER/leader, which the leader writes when its term begins,
# so that it refuses what a leader sends that was replaced without knowing it.
key_prefix "bailey/CLUSTER/" {
  policy = "write"
}

# The nodes of machines without an agent (registerInConsul): registered, read and removed by Bailey alone. Not needed
# without such machines.
node_prefix "vm-CLUSTER-" {
  policy = "write"
}

# With Consul as an origin: Consul shows an instance only to those who may read its node, and its service. Not needed without.
node_prefix "" {
  policy = "read"
}
