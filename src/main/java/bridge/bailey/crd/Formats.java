package bridge.bailey.crd;

/** How texts in a LegacyService are written: regular expressions for the whole text, in Java's and the API server's dialect. */
public final class Formats {

    /** A Service's name: a DNS label of RFC 1035. */
    public static final String SERVICE_NAME = "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$";

    /** A port's name: a DNS label of RFC 1123. */
    public static final String PORT_NAME = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

    /** A word, or a word behind a DNS name and a slash. */
    public static final String APP_PROTOCOL =
            "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";

    /** The last label begins with a letter, so that no IP address is taken for a name: it would never resolve. */
    public static final String HOST_NAME = "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?$";

    /** An instance's id: printable, without blanks. */
    public static final String ID = "^[A-Za-z0-9]([A-Za-z0-9._:/-]*[A-Za-z0-9])?$";

    /** A zone, as the value of a label. */
    public static final String ZONE = "^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$";

    /** The name of a region of AWS. */
    public static final String REGION = "^[a-z]{2}(-[a-z]+)+-[0-9]$";

    /** The ARN of an IAM role. */
    public static final String ROLE = "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]+$";

    /** The name of a filter of DescribeInstances; a tag may be in it, with blanks. */
    public static final String FILTER = "^[^\\x00-\\x1f\\x7f]+$";

    /** A Consul service, or a tag. */
    public static final String CONSUL_WORD = "^[^\\s\\x00-\\x1f\\x7f]+$";

    /** A datacenter of Consul. */
    public static final String DATACENTER = "^[A-Za-z0-9_-]+$";

    /** A path, with a query if need be. */
    public static final String PATH = "^/[!-~]*$";

    /** A Host header: a name or an address, and a port if need be. */
    public static final String HOST = "^[A-Za-z0-9._:\\[\\]-]+$";

    /** The name of a gRPC service. */
    public static final String GRPC_SERVICE = "^[!-~]+$";

    /** The name of a metric of Prometheus. */
    public static final String METRIC = "^[a-zA-Z_:][a-zA-Z0-9_:]*$";

    /** One status, or a range. */
    public static final String EXPECT = "^[1-5][0-9]{2}(-[1-5][0-9]{2})?$";

    /** A whole number and its unit. */
    public static final String DURATION = "^[0-9]{1,6}(ms|s|m|h)$";

    /** A share in per cent. */
    public static final String SHARE = "^(100|[0-9]{1,2}([.][0-9]{1,3})?)%$";

    /** What a certificate in PEM has somewhere. */
    public static final String PEM = "-----BEGIN CERTIFICATE-----";

    private Formats() {}
}
