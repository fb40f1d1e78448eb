import { createHmac, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { RawRequest } from './aws/request';
import { AwsError } from './aws/service';
import type { Clock, Ids } from './clock';
import { readJsonFile, writeJsonFile } from './json-file';

/** Where functions PUT a custom resource's answer; account and token follow. */
export const RESPONSE_PATH = '/_cloudformation/response/';

/** How long an answer is taken. CloudFormation itself waits for an hour at most. */
const EXPIRES_SECONDS = 7_200;

/**
 * The URLs at which functions answer CloudFormation. In AWS they are presigned URLs of a bucket of CloudFormation's;
 * here too the URL alone lets the answer in: it is signed with a secret of this home and it expires.
 */
export class AnswerUrls {
  private readonly secret: string;

  constructor(
    private readonly options: {
      /** The secret is kept here. */
      readonly folder: string;
      readonly clock: Clock;
      readonly ids: Ids;
      endpointUrl(): string;
    },
  ) {
    const file = join(options.folder, 'answer-urls.json');
    const kept = readJsonFile<{ readonly secret: string }>(file);
    this.secret = kept?.secret ?? `${options.ids.uuid()}${options.ids.uuid()}`;
    if (!kept) {
      writeJsonFile(file, { secret: this.secret }, 0o600);
    }
  }

  make(account: string, token: string): string {
    const path = `${RESPONSE_PATH}${account}/${token}`;
    const expires = String(Math.floor(this.options.clock.now() / 1_000) + EXPIRES_SECONDS);
    const query = new URLSearchParams({ Expires: expires, Signature: this.sign(path, expires) });
    return `${this.options.endpointUrl()}${path}?${query}`;
  }

  /**
   * The account and token that a request answers to.
   * @throws AwsError AccessDenied when the URL is not one of ours, was changed, or is past its time
   */
  read({ rawPath, query }: Pick<RawRequest, 'rawPath' | 'query'>): {
    readonly account: string;
    readonly token: string;
  } {
    const expires = query.get('Expires') ?? '';
    const wanted = Buffer.from(this.sign(rawPath, expires));
    const given = Buffer.from(query.get('Signature') ?? '');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new AwsError(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        403,
      );
    }
    if (Number(expires) * 1_000 < this.options.clock.now()) {
      throw new AwsError('AccessDenied', 'Request has expired', 403, {
        Expires: new Date(Number(expires) * 1_000),
        ServerTime: new Date(this.options.clock.now()),
      });
    }
    const [account = '', token = ''] = rawPath.slice(RESPONSE_PATH.length).split('/');
    return { account, token };
  }

  private sign(path: string, expires: string): string {
    return createHmac('sha256', this.secret).update(`PUT\n${path}\n${expires}`).digest('base64url');
  }
}
