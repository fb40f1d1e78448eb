import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { type LocalAws, startLocalAws } from '../../../local/main';

const ROOT = resolve(__dirname, '..', '..', '..');

export interface CommandEnd {
  readonly exitCode: number;
  /** Both streams. */
  readonly output: string;
}

/** What the function of the tiny apps was asked. */
export interface FunctionRequest {
  readonly request: string;
  readonly id?: string;
  readonly [property: string]: unknown;
}

/** A local AWS of its own with the real CDK CLI in front of it, and an assembly to deploy. */
export class CdkWorld {
  readonly app: string;
  readonly client: CloudFormationClient;

  private constructor(
    private readonly folder: string,
    readonly aws: LocalAws,
  ) {
    this.app = join(folder, 'cdk.out');
    this.client = new CloudFormationClient(this.connection);
  }

  static async open(): Promise<CdkWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'cdk-world-'));
    return new CdkWorld(folder, await startLocalAws({ home: join(folder, 'home') }));
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.aws.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** How the operator's SDK clients reach it. */
  get connection() {
    const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = this.aws.environment;
    return {
      endpoint: this.aws.url,
      region: AWS_REGION!,
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
    };
  }

  /** Runs the CDK CLI of this checkout as a person would. */
  cdk(...args: readonly string[]): Promise<CommandEnd> {
    return this.run(join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ['--app', this.app, '--no-notices', ...args]);
  }

  /** Runs a script of Node in the environment that the CLI has. */
  run(script: string, args: readonly string[]): Promise<CommandEnd> {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, [script, ...args], {
        cwd: this.folder,
        env: {
          PATH: process.env.PATH,
          HOME: this.folder,
          ...this.aws.environment,
          AWS_CONFIG_FILE: '/dev/null',
          AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
          CDK_DISABLE_CLI_TELEMETRY: 'true',
          NODE_NO_WARNINGS: '1',
          NO_PROXY: '127.0.0.1',
          NO_COLOR: '1',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      child.on('error', fail);
      child.on('close', (code) => done({ exitCode: code ?? 1, output }));
    });
  }

  async stack(StackName: string) {
    const { Stacks } = await this.client.send(new DescribeStacksCommand({ StackName }));
    return Stacks![0]!;
  }

  async status(stackName: string): Promise<string | undefined> {
    return (await this.stack(stackName)).StackStatus;
  }

  async physicalId(StackName: string, LogicalResourceId: string): Promise<string> {
    const command = new DescribeStackResourceCommand({ StackName, LogicalResourceId });
    return (await this.client.send(command)).StackResourceDetail!.PhysicalResourceId!;
  }

  /** `LogicalId STATUS` of the last operation, oldest first. */
  async lastEvents(StackName: string): Promise<string[]> {
    const { StackEvents } = await this.client.send(new DescribeStackEventsCommand({ StackName }));
    const last = StackEvents!.findIndex(({ ResourceStatusReason: reason }) => reason === 'User Initiated');
    return StackEvents!
      .slice(0, last + 1)
      .reverse()
      .map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
  }

  /** What functions were asked since the last call. */
  requests(): FunctionRequest[] {
    const all = this.allRequests();
    const fresh = all.slice(this.seen);
    this.seen = all.length;
    return fresh;
  }
  private seen = 0;

  private allRequests(): FunctionRequest[] {
    const logs = join(this.folder, 'home', 'logs', 'aws', 'lambda');
    return readdirSync(logs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n'))
      .filter((line) => line.includes('{"request"'))
      .sort()
      .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as FunctionRequest);
  }
}
