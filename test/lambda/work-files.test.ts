import type { S3Client } from '@aws-sdk/client-s3';
import { WorkBucketFiles } from '../../lambda/work-files';

/** An S3 that takes uploads in parts and forgets what is aborted. */
class PartsS3 {
  readonly objects = new Map<string, string>();
  readonly calls: string[] = [];
  private parts: string[] = [];
  failAt: string | undefined;

  get client(): S3Client {
    return { send: async (command: unknown) => this.send(command) } as unknown as S3Client;
  }

  private send(command: unknown): unknown {
    const { input } = command as { readonly input: Record<string, unknown> };
    const operation = (command as object).constructor.name.replace(/Command$/, '');
    this.calls.push(operation);
    if (operation === this.failAt) throw new Error(`no ${operation}`);
    if (operation === 'PutObject') this.objects.set(String(input.Key), String(input.Body));
    if (operation === 'CreateMultipartUpload') return { UploadId: 'u' };
    if (operation === 'UploadPart') {
      this.parts.push(String(input.Body));
      return { ETag: `"${this.parts.length}"` };
    }
    if (operation === 'CompleteMultipartUpload') this.objects.set(String(input.Key), this.parts.join(''));
    return {};
  }
}

async function* pieces(count: number): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) yield `${index}`.padEnd(1024 * 1024, 'é');
}

describe('an object of the work bucket', () => {
  it('is put at once when it is small', async () => {
    const s3 = new PartsS3();
    await new WorkBucketFiles(s3.client, 'work').assemble('k', pieces(2));
    expect(s3.calls).toEqual(['PutObject']);
  });

  it('goes up in parts of at least 5 MiB when it is large, and is then the same', async () => {
    const s3 = new PartsS3();
    await new WorkBucketFiles(s3.client, 'work').assemble('k', pieces(10));
    expect(s3.calls).toEqual([
      'CreateMultipartUpload',
      ...Array.from({ length: 2 }, () => 'UploadPart'),
      'CompleteMultipartUpload',
    ]);
    const expected: string[] = [];
    for await (const piece of pieces(10)) expected.push(piece);
    expect(s3.objects.get('k') === expected.join('')).toBe(true);
  });

  it('is not there at all when a part of it fails', async () => {
    const s3 = new PartsS3();
    s3.failAt = 'CompleteMultipartUpload';
    await expect(new WorkBucketFiles(s3.client, 'work').assemble('k', pieces(10))).rejects.toThrow('no Complete');
    expect(s3.calls.at(-1)).toBe('AbortMultipartUpload');
    expect(s3.objects.size).toBe(0);
  });
});
