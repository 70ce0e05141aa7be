# Consul's side: copy to /etc/consul.d/dns.hcl on each agent that hosts or CoreDNS ask, and `consul reload`.
dns_config {
  # An answer that does not fit says so, and the client asks again by TCP. By default it does not: a host without EDNS gets 3
  # instances of 50 and believes that these are all.
  enable_truncate = true

  # 0 s is the default too: an instance that is gone leaves the next answer. To spare busy agents, a few seconds are the most
  # that one should trade: every resolver goes on answering with a dead instance for so long.
  service_ttl {
    "*" = "0s"
  }

  # A draining pod is a warning, and is still answered. true leaves it out from the moment it drains.
  only_passing = false
}
