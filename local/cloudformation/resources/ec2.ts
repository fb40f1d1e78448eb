import type { Ids } from '../../clock';
import type { ResourceProvider } from '../resource-provider';
import { ec2Id, requiredText, text } from './names';
import { recordProvider } from './record';

/** EC2's network types: plain records. Source: CloudFormation's resource reference, return values of each type. */
export function ec2Providers(ids: Ids): Record<string, ResourceProvider> {
  const withId = (prefix: string, attribute: string, replaceOn: readonly string[]) =>
    recordProvider({
      replaceOn,
      id: () => ec2Id(prefix, ids),
      attributes: (_context, physicalId) => ({ [attribute]: physicalId }),
    });
  return {
    'AWS::EC2::VPC': recordProvider({
      replaceOn: ['CidrBlock', 'Ipv4IpamPoolId', 'Ipv4NetmaskLength'],
      id: () => ec2Id('vpc', ids),
      attributes: (_context, vpcId, properties) => ({
        VpcId: vpcId,
        CidrBlock: requiredText(properties, 'CidrBlock'),
        CidrBlockAssociations: [vpcId.replace('vpc-', 'vpc-cidr-assoc-')],
        DefaultNetworkAcl: vpcId.replace('vpc-', 'acl-'),
        DefaultSecurityGroup: vpcId.replace('vpc-', 'sg-'),
        Ipv6CidrBlocks: [],
      }),
    }),
    'AWS::EC2::Subnet': recordProvider({
      replaceOn: ['VpcId', 'CidrBlock', 'AvailabilityZone', 'AvailabilityZoneId'],
      id: () => ec2Id('subnet', ids),
      attributes: (context, subnetId, properties) => ({
        SubnetId: subnetId,
        VpcId: requiredText(properties, 'VpcId'),
        CidrBlock: text(properties, 'CidrBlock') ?? '',
        AvailabilityZone: text(properties, 'AvailabilityZone') ?? `${context.region}a`,
        Ipv6CidrBlocks: [],
        NetworkAclAssociationId: subnetId.replace('subnet-', 'aclassoc-'),
      }),
    }),
    'AWS::EC2::RouteTable': withId('rtb', 'RouteTableId', ['VpcId']),
    'AWS::EC2::Route': recordProvider({
      replaceOn: ['RouteTableId', 'DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'],
      id: (_context, properties) =>
        `${requiredText(properties, 'RouteTableId')}|${text(properties, 'DestinationCidrBlock') ?? text(properties, 'DestinationIpv6CidrBlock') ?? text(properties, 'DestinationPrefixListId') ?? ''}`,
      attributes: (_context, physicalId) => ({ CidrBlock: physicalId.split('|')[1] }),
    }),
    'AWS::EC2::SubnetRouteTableAssociation': withId('rtbassoc', 'Id', ['SubnetId', 'RouteTableId']),
    'AWS::EC2::VPCEndpoint': recordProvider({
      replaceOn: ['VpcId', 'ServiceName', 'VpcEndpointType'],
      id: () => ec2Id('vpce', ids),
      attributes: (_context, physicalId) => ({ Id: physicalId, DnsEntries: [], NetworkInterfaceIds: [] }),
    }),
    'AWS::EC2::SecurityGroup': recordProvider({
      replaceOn: ['GroupDescription', 'GroupName', 'VpcId'],
      id: () => ec2Id('sg', ids),
      attributes: (_context, groupId, properties) => ({
        GroupId: groupId,
        Id: groupId,
        VpcId: text(properties, 'VpcId') ?? '',
      }),
    }),
    'AWS::EC2::SecurityGroupIngress': withId('sgr', 'Id', [
      'GroupId',
      'IpProtocol',
      'FromPort',
      'ToPort',
      'CidrIp',
      'CidrIpv6',
      'SourceSecurityGroupId',
      'SourcePrefixListId',
    ]),
    'AWS::EC2::SecurityGroupEgress': withId('sgr', 'Id', [
      'GroupId',
      'IpProtocol',
      'FromPort',
      'ToPort',
      'CidrIp',
      'CidrIpv6',
      'DestinationSecurityGroupId',
      'DestinationPrefixListId',
    ]),
    'AWS::EC2::InternetGateway': withId('igw', 'InternetGatewayId', []),
    'AWS::EC2::VPCGatewayAttachment': recordProvider({
      replaceOn: ['VpcId'],
      id: (_context, properties) =>
        `${text(properties, 'VpnGatewayId') === undefined ? 'IGW' : 'VGW'}|${requiredText(properties, 'VpcId')}`,
      attributes: (_context, physicalId) => ({ AttachmentType: physicalId.split('|')[0] }),
    }),
    'AWS::EC2::NatGateway': withId('nat', 'NatGatewayId', [
      'SubnetId',
      'AllocationId',
      'ConnectivityType',
      'PrivateIpAddress',
    ]),
    'AWS::EC2::EIP': recordProvider({
      replaceOn: ['Domain', 'NetworkBorderGroup'],
      // 198.51.100.0/24 is kept for documentation: no such address is anybody's.
      id: () => `198.51.100.${(Number.parseInt(ec2Id('x', ids).slice(-2), 16) % 254) + 1}`,
      attributes: (context, publicIp) => ({
        PublicIp: publicIp,
        AllocationId: `eipalloc-0${Buffer.from(`${context.stackId}${context.logicalId}`).toString('hex').slice(-16)}`,
      }),
    }),
    'AWS::EC2::FlowLog': withId('fl', 'Id', [
      'ResourceId',
      'ResourceType',
      'TrafficType',
      'DeliverLogsPermissionArn',
      'LogDestination',
      'LogDestinationType',
      'LogGroupName',
      'LogFormat',
      'MaxAggregationInterval',
    ]),
    'AWS::EC2::NetworkAcl': withId('acl', 'Id', ['VpcId']),
  };
}
