/**
 * Which token the running invocation must show next. Each invocation and each checkpoint gets a new one, so that an
 * invocation which was given up can write nothing more.
 */
export class CheckpointTokens {
  private current: string | undefined;
  private answered: { readonly token: string; readonly clientToken: string; readonly answer: object } | undefined;

  constructor(private readonly uuid: () => string) {}

  issue(): string {
    this.current = Buffer.from(this.uuid()).toString('base64');
    return this.current;
  }

  /** No invocation is running any more. */
  revoke(): void {
    this.current = undefined;
  }

  accepts(token: string | undefined): boolean {
    return token !== undefined && token === this.current;
  }

  /** The answer of the same call made before: its answer was lost on the way and the SDK tries again. */
  repeated(token: string | undefined, clientToken: string | undefined): object | undefined {
    const last = this.answered;
    return last && last.token === token && last.clientToken === clientToken ? last.answer : undefined;
  }

  remember(token: string, clientToken: string | undefined, answer: object): void {
    this.answered = clientToken === undefined ? undefined : { token, clientToken, answer };
  }
}
