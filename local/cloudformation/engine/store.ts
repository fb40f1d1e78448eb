import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { EventRecord, StackRecord } from './model';

/** All stacks, deleted ones too, and their events. */
export interface StackStore {
  all(): readonly StackRecord[];
  /** By name (a stack that is not deleted) or by ARN (any). */
  find(nameOrArn: string): StackRecord | undefined;
  add(stack: StackRecord): void;
  /** Writes the stack's present state. */
  save(stack: StackRecord): void;
  /** Oldest first. */
  events(stackId: string): readonly EventRecord[];
  addEvent(stackId: string, event: EventRecord): void;
}

/**
 * Keeps each stack in a JSON file of its own, replaced whole, and its events in a file that only grows. Nothing is
 * forced to the platter: a killed process loses nothing, a power cut may lose the last moment.
 */
export function openStackStore(folder: string): StackStore {
  mkdirSync(folder, { recursive: true });
  const stacks = new Map<string, StackRecord>();
  const events = new Map<string, EventRecord[]>();
  const file = (stackId: string, ending: string) => join(folder, `${stackId.split('/').slice(1).join('.')}.${ending}`);

  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.stack.json')) continue;
    const stack = JSON.parse(readFileSync(join(folder, name), 'utf8')) as StackRecord;
    stacks.set(stack.stackId, stack);
    events.set(stack.stackId, readEvents(file(stack.stackId, 'events.jsonl')));
  }

  return {
    all: () => [...stacks.values()],
    find: (nameOrArn) =>
      nameOrArn.startsWith('arn:')
        ? stacks.get(nameOrArn)
        : [...stacks.values()].find((stack) => stack.stackName === nameOrArn && stack.status !== 'DELETE_COMPLETE'),
    add(stack) {
      stacks.set(stack.stackId, stack);
      events.set(stack.stackId, []);
      this.save(stack);
    },
    save(stack) {
      writeFileAtomic(file(stack.stackId, 'stack.json'), JSON.stringify(stack), { fsync: false });
    },
    events: (stackId) => events.get(stackId) ?? [],
    addEvent(stackId, event) {
      const list = events.get(stackId) ?? [];
      list.push(event);
      events.set(stackId, list);
      appendFileSync(file(stackId, 'events.jsonl'), `${JSON.stringify(event)}\n`);
    },
  };
}

/** A last line cut off by a kill is dropped, from the file too, so that the next event starts a line of its own. */
function readEvents(path: string): EventRecord[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) writeFileAtomic(path, whole, { fsync: false });
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EventRecord);
}
