import type { S3Client } from '@aws-sdk/client-s3';
import type { SourceFile } from '../../lambda/manifests';

interface ListInput {
  readonly Prefix: string;
  readonly Delimiter?: string;
  readonly ContinuationToken?: string;
}

/** A source bucket that is made while it is listed: only the keys below a folder are ever there. */
export class FakeSource {
  /** How many keys a page has. */
  pageSize = 1000;
  calls = 0;
  /** Most pages that were under way at the same time. */
  mostAtOnce = 0;
  private atOnce = 0;

  /** @param below the files below a prefix, in the order of their keys, and the folders of a level */
  constructor(private readonly source: readonly SourceFile[] | Folders) {}

  get client(): S3Client {
    const send = async ({ input }: { readonly input: ListInput }): Promise<unknown> => {
      this.calls += 1;
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      this.atOnce -= 1;
      return this.page(input);
    };
    return { send } as unknown as S3Client;
  }

  private page({ Prefix, Delimiter, ContinuationToken }: ListInput): unknown {
    const folders = Delimiter === undefined ? [] : this.foldersOf(Prefix);
    const files = folders.length > 0 ? [] : this.filesOf(Prefix);
    const from = Number(ContinuationToken ?? 0);
    const end = Math.min(from + this.pageSize, files.length);
    const Contents = Array.from({ length: end - from }, (_, index) => {
      const file = files.at(from + index) as SourceFile;
      return { Key: file.url.slice('s3://source/'.length), ETag: `"${file.etag}"`, Size: file.sizeBytes };
    });
    return {
      Contents,
      CommonPrefixes: folders.map((Prefix) => ({ Prefix })),
      IsTruncated: end < files.length,
      NextContinuationToken: String(end),
    };
  }

  private foldersOf(prefix: string): readonly string[] {
    return 'folders' in this.source ? this.source.folders(prefix) : [];
  }

  private filesOf(prefix: string): Pick<readonly SourceFile[], 'length' | 'at'> {
    if ('folders' in this.source) return this.source.files(prefix);
    return this.source.filter(({ url }) => url.startsWith(`s3://source/${prefix}`));
  }
}

export interface Folders {
  folders(prefix: string): readonly string[];
  files(prefix: string): Pick<readonly SourceFile[], 'length' | 'at'>;
}
