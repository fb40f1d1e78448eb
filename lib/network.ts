import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge, inPacks } from './acknowledge';
import type { EnvironmentConfig, ExistingNetworkConfig, OwnNetworkConfig } from './config/environment';
import { FlowLogs } from './flow-logs';
import type { LogKeeping } from './log-group';

/** Clients use the Data API: nobody has to reach the warehouse. */
const CLOSED = 'Redshift: out to S3 only, in from nowhere (clients use the Data API)';

/**
 * Where the warehouse stands: private subnets, S3 through a gateway endpoint, no way in. A gateway endpoint reaches the
 * own region only; a source bucket in another one is the only reason for a NAT gateway. The ETL function is not in
 * here: the Redshift Data API is a public AWS endpoint, and waiting in a VPC would only cost.
 */
export class Network extends Construct {
  readonly vpc: ec2.IVpc;
  /** The warehouse's subnets, one a zone. */
  readonly subnets: ec2.SubnetSelection;
  /** Lets the cluster reach S3, and nobody reach the cluster. */
  readonly warehouseSecurityGroup: ec2.SecurityGroup;

  /** @param keeping of the flow logs of an own VPC; one that is given is its owner's to watch */
  constructor(scope: Construct, id: string, config: EnvironmentConfig, keeping: LogKeeping) {
    super(scope, id);
    const elsewhere = config.sources.region !== config.region;
    this.vpc =
      config.network.kind === 'own'
        ? this.ownVpc(config.network, config, elsewhere)
        : this.existingVpc(config.network, config);
    if (config.network.kind === 'own') new FlowLogs(this, 'FlowLogs', { vpc: this.vpc, keeping });
    this.subnets =
      config.network.kind === 'own' && elsewhere
        ? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }
        : { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    this.warehouseSecurityGroup = new ec2.SecurityGroup(this, 'WarehouseSecurityGroup', {
      vpc: this.vpc,
      description: CLOSED,
      allowAllOutbound: false,
    });
    this.warehouseSecurityGroup.addEgressRule(
      ec2.Peer.prefixList(config.s3PrefixListId),
      ec2.Port.tcp(443),
      'COPY reads S3 through the gateway endpoint',
    );
    if (elsewhere) {
      this.warehouseSecurityGroup.addEgressRule(
        ec2.Peer.anyIpv4(),
        ec2.Port.tcp(443),
        `COPY reads the source bucket in ${config.sources.region}, which no gateway endpoint reaches`,
      );
    }
  }

  private ownVpc(network: OwnNetworkConfig, config: EnvironmentConfig, elsewhere: boolean): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(network.cidr),
      availabilityZones: [...config.availabilityZones],
      natGateways: elsewhere ? 1 : 0,
      // Closing the default group takes a custom resource with its own function and role; nothing here uses the group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: elsewhere
        ? [
            { name: 'nat', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
            { name: 'warehouse', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
          ]
        : [{ name: 'warehouse', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    acknowledge(
      vpc,
      "Nothing is attached to the VPC's default security group: the warehouse names its own, which lets nobody in. To empty the default group takes a custom resource whose function may change security groups, a wider permission than what it would close.",
      ...inPacks('VPCDefaultSecurityGroupClosed', 'HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'),
    );
    acknowledge(
      vpc,
      'The zones stand in lib/config, checked and per environment: a cluster must stay in the zones that its subnets are in, and the same assembly must give the same subnets in every account without a lookup.',
      'CloudFormation-Validate::W3010',
    );
    return vpc;
  }

  private existingVpc(network: ExistingNetworkConfig, config: EnvironmentConfig): ec2.IVpc {
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: network.vpcId,
      availabilityZones: [...config.availabilityZones],
      isolatedSubnetIds: [...network.subnetIds],
    });
    Annotations.of(vpc).acknowledgeWarning(
      '@aws-cdk/aws-ec2:noSubnetRouteTableId',
      'The routes belong to the owner of the VPC: nothing here asks for their tables.',
    );
    return vpc;
  }
}
