import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from './config';

/**
 * A VPC without a way to the internet: isolated subnets in each zone, and S3 through a gateway endpoint. The ETL
 * function is not in it: the Redshift Data API is a public AWS endpoint, and waiting in a VPC would only cost.
 */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  readonly s3Endpoint: ec2.GatewayVpcEndpoint;
  /** Lets the cluster reach S3, and nobody reach the cluster. */
  readonly warehouseSecurityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, config: EnvironmentConfig) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(config.vpcCidr),
      availabilityZones: [...config.availabilityZones],
      natGateways: 0,
      // Closing the default group takes a custom resource with its own function and role; nothing here uses the group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'warehouse', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    this.s3Endpoint = this.vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    this.warehouseSecurityGroup = new ec2.SecurityGroup(this, 'WarehouseSecurityGroup', {
      vpc: this.vpc,
      description: 'Redshift: out to S3 only, in from nowhere (clients use the Data API)',
      allowAllOutbound: false,
    });
    this.warehouseSecurityGroup.addEgressRule(
      ec2.Peer.prefixList(config.s3PrefixListId),
      ec2.Port.tcp(443),
      'COPY reads S3 through the gateway endpoint',
    );
  }
}
