import { type Assignment, readEvent } from '../lambda/events';
import type { CloudFormationModel } from './cloudformation-model';
import { CHANGES } from './code';
import type { LambdaModel } from './lambda-model';
import type { Deed } from './plan';
import type { S3Model, SourceVersion } from './s3-model';
import type { VirtualTime } from './virtual-time';

/** Does what people, other systems and the stack do. */
export class Deeds {
  /** What the operators' runs were asked for, by their ids. */
  readonly orders = new Map<string, Assignment>();
  private files = 0;
  private operators = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly s3: S3Model,
    private readonly lambda: LambdaModel,
    private readonly cloudFormation: CloudFormationModel,
  ) {}

  /** @returns the event that may be delivered once more */
  do(deed: Deed, pick: number): unknown {
    switch (deed) {
      case 'add file':
        return this.addFile();
      case 'overwrite file':
      case 'spoil file': {
        const version = this.pick(pick);
        if (version !== undefined) this.s3.write(version.url, this.time.now, deed === 'spoil file');
        return undefined;
      }
      case 'delete file':
        this.s3.delete(this.pick(pick)?.url ?? '');
        return undefined;
      case 'mend files':
        return this.mendFiles();
      case 'nightly run':
        return this.tick();
      case 'operator run':
        return this.operate({});
      case 'operator refresh':
        return this.operate({ mode: 'refresh' });
      case 'operator days':
        return this.operate(daysOf(pick));
      case 'dry run':
        return this.operate({ dryRun: true, ...[{}, { mode: 'refresh' }, daysOf(pick)][pick % 3] });
      case 'deploy':
        return this.cloudFormation.deploy();
      case 'remove stack':
        return this.cloudFormation.remove(false);
      case 'deploy an edited migration':
        // Where nothing was deployed there is nothing that could have been edited.
        return this.cloudFormation.deploy(this.cloudFormation.state === 'stands' ? CHANGES[deed] : undefined);
      default:
        return this.cloudFormation.deploy(CHANGES[deed]);
    }
  }

  private pick(position: number): SourceVersion | undefined {
    const files = this.s3.filesOf(this.cloudFormation.live.bucket);
    return files[position % files.length];
  }

  private operate(fields: Readonly<Record<string, unknown>>): unknown {
    this.operators += 1;
    const event = { trigger: 'operator', run: `operator-${this.operators}`, ...fields };
    const order = readEvent(event);
    this.orders.set(order.runId, order);
    return this.send(event);
  }

  private send(event: unknown): unknown {
    this.lambda.deliver(event);
    return event;
  }

  /** The schedule fires. */
  tick(): unknown {
    return this.send({ trigger: 'schedule', scheduledTime: new Date(this.time.now).toISOString() });
  }

  addFile(): undefined {
    this.files += 1;
    this.s3.add(this.files, this.time.now);
  }

  mendFiles(): undefined {
    for (const { url, spoilt } of [...this.s3.source.values()]) if (spoilt) this.s3.write(url, this.time.now);
  }
}

/** Some days of the files' names; one end may be open. */
function daysOf(pick: number): Readonly<Record<string, string>> {
  const day = (number: number): string => `2018-11-${String(number).padStart(2, '0')}`;
  const from = { from: day(1 + pick) };
  const to = { to: day(2 + pick + (pick % 4)) };
  return pick === 6 ? from : pick === 7 ? to : { ...from, ...to };
}
