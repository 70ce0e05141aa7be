package bridge.bailey.local;

import bridge.bailey.model.Ec2Instance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Answers as EC2 and STS write them, with the many fields that Bailey does not need. */
public final class Ec2Xml {

    private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

    private static final Map<String, Integer> STATE_CODES =
            Map.of("pending", 0, "running", 16, "shutting-down", 32, "terminated", 48, "stopping", 64, "stopped", 80);

    private Ec2Xml() {}

    /**
     * A page of an answer.
     *
     * @param nextToken "" for the last page
     */
    public static String page(List<String> reservations, String nextToken) {
        String next = nextToken.isEmpty() ? "" : "<nextToken>" + nextToken + "</nextToken>";
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <DescribeInstancesResponse xmlns="%s">
                <requestId>fdcdcab1-ae5c-489e-9c33-4637c5dda355</requestId>
                <reservationSet>%s</reservationSet>%s
                </DescribeInstancesResponse>
                """
                .formatted(NAMESPACE, String.join("\n", reservations), next);
    }

    /** A reservation with this instance alone, running or stopping as it says. */
    public static String reservation(Ec2Instance instance) {
        return reservation(instance, instance.stopping() ? "stopping" : "running");
    }

    /** A reservation with this instance alone, in this state. */
    public static String reservation(Ec2Instance i, String state) {
        return """
                <item><reservationId>r-%1$s</reservationId><ownerId>123456789012</ownerId><groupSet/><instancesSet><item>
                <instanceId>%1$s</instanceId><imageId>ami-0bff712af642c77c9</imageId>
                <instanceState><code>%2$d</code><name>%3$s</name></instanceState>
                <privateDnsName>ip-%1$s.eu-central-1.compute.internal</privateDnsName><dnsName/><reason/>
                <keyName>operations</keyName><amiLaunchIndex>0</amiLaunchIndex><productCodes/>
                <instanceType>m5.large</instanceType><launchTime>2024-05-06T07:08:09.000Z</launchTime>
                <placement>%4$s<groupName/><tenancy>default</tenancy></placement>
                <monitoring><state>disabled</state></monitoring><subnetId>subnet-0a1b2c3d4e5f60718</subnetId>
                <vpcId>vpc-0f1e2d3c4b5a69788</vpcId>%5$s%6$s<sourceDestCheck>true</sourceDestCheck>
                <groupSet><item><groupId>sg-0123456789abcdef0</groupId><groupName>billing</groupName></item></groupSet>
                <architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType>
                <rootDeviceName>/dev/sda1</rootDeviceName>
                <blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-0fedcba9876543210</volumeId>
                <status>attached</status><attachTime>2024-05-06T07:08:10.000Z</attachTime>
                <deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>
                <virtualizationType>hvm</virtualizationType><clientToken>c7a1f0e2-0000-4000-8000-%1$s</clientToken>
                <tagSet>%7$s</tagSet><hypervisor>xen</hypervisor>
                <networkInterfaceSet><item><networkInterfaceId>eni-0123456789abcdef0</networkInterfaceId>
                <subnetId>subnet-0a1b2c3d4e5f60718</subnetId><vpcId>vpc-0f1e2d3c4b5a69788</vpcId><description/>
                <ownerId>123456789012</ownerId><status>in-use</status><macAddress>02:00:00:00:00:01</macAddress>%5$s
                <sourceDestCheck>true</sourceDestCheck><attachment><attachmentId>eni-attach-0123456789abcdef0</attachmentId>
                <deviceIndex>0</deviceIndex><status>attached</status><deleteOnTermination>true</deleteOnTermination>
                </attachment><privateIpAddressesSet><item>%5$s<primary>true</primary></item></privateIpAddressesSet>
                <ipv6AddressesSet>%8$s</ipv6AddressesSet><interfaceType>interface</interfaceType></item></networkInterfaceSet>
                <ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport>
                <cpuOptions><coreCount>1</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions>
                <metadataOptions><state>applied</state><httpTokens>required</httpTokens>
                <httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint></metadataOptions>
                </item></instancesSet></item>"""
                .formatted(
                        i.id(),
                        STATE_CODES.get(state),
                        state,
                        element("availabilityZone", i.zone()),
                        element("privateIpAddress", i.privateAddress()),
                        element("ipAddress", i.publicAddress()),
                        tags(i.tags()),
                        i.ipv6Address().isEmpty()
                                ? ""
                                : "<item>" + element("ipv6Address", i.ipv6Address()) + "</item>");
    }

    /** An error as EC2 writes it. */
    public static String error(String code, String message) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors>\
                <RequestID>0503f4e9-bbd6-483c-b54f-c4ae9f3b30f4</RequestID></Response>"""
                .formatted(escaped(code), escaped(message));
    }

    /** An error as STS writes it. */
    public static String stsError(String code, String message) {
        return """
                <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>\
                <Code>%s</Code><Message>%s</Message></Error>\
                <RequestId>11d07b0f-e1a3-4c3c-b2c5-3f5b1c2f0000</RequestId></ErrorResponse>"""
                .formatted(escaped(code), escaped(message));
    }

    /** The credentials of an assumed role, which expire at this time. */
    public static String assumedRole(String accessKey, String secret, String token, String expiration) {
        return """
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>\
                <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/bailey-read/bailey</Arn>\
                <AssumedRoleId>ARO123EXAMPLE123:bailey</AssumedRoleId></AssumedRoleUser><Credentials>\
                <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>\
                <Expiration>%s</Expiration></Credentials></AssumeRoleResult><ResponseMetadata>\
                <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata></AssumeRoleResponse>"""
                .formatted(accessKey, secret, token, expiration);
    }

    private static String tags(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> "<item><key>%s</key><value>%s</value></item>"
                                .formatted(escaped(tag.getKey()), escaped(tag.getValue())))
                        .collect(Collectors.joining());
    }

    /** An element that is absent if it would be empty. */
    private static String element(String name, String text) {
        return text.isEmpty() ? "" : "<%1$s>%2$s</%1$s>".formatted(name, escaped(text));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
