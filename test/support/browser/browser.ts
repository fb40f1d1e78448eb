import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { chromium, profileFolder } from './chromium';

type Message = {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
};
type Result = Readonly<Record<string, unknown>>;

/** A headless browser, spoken to through a pipe in the Chrome DevTools Protocol. It is in nobody's network. */
export class Browser {
  private readonly waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>();
  private readonly listeners = new Set<(message: Message) => void>();
  private calls = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly commands: Writable,
    answers: Readable,
    private readonly profile: string,
  ) {
    let rest = '';
    answers.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop() ?? '';
      for (const text of messages) this.heard(JSON.parse(text) as Message);
    });
    process.once('exit', (code) => this.lost(new Error(`the browser has ended with ${code}`)));
    process.once('error', (error) => this.lost(error));
  }

  static async start(): Promise<Browser> {
    const [{ path, environment }, profile] = await Promise.all([chromium(), profileFolder()]);
    const flags = [
      ...['--headless', '--no-sandbox', '--no-zygote', '--disable-gpu', '--hide-scrollbars'],
      ...['--remote-debugging-pipe', '--force-color-profile=srgb', `--user-data-dir=${profile}`, 'about:blank'],
    ];
    const child = spawn(path, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: environment });
    return new Browser(child, child.stdio[3] as Writable, child.stdio[4] as Readable, profile);
  }

  async close(): Promise<void> {
    const ended = once(this.process, 'exit');
    await this.call('Browser.close').catch(() => undefined);
    await ended;
    await rm(this.profile, { recursive: true, force: true });
  }

  /** A new page. */
  async page(): Promise<Page> {
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, String(sessionId));
    await page.begin();
    return page;
  }

  call(method: string, params: object = {}, sessionId?: string): Promise<Result> {
    this.calls += 1;
    const id = this.calls;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.commands.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
  }

  /** @returns stops it */
  listen(listener: (message: Message) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private heard(message: Message): void {
    for (const listener of [...this.listeners]) listener(message);
    const call = message.id === undefined ? undefined : this.waiting.get(message.id);
    if (call === undefined || message.id === undefined) return;
    this.waiting.delete(message.id);
    if (message.error === undefined) call.resolve(message.result ?? {});
    else call.reject(new Error(message.error.message));
  }

  private lost(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** One page, what it complains of and what it asks the network for. */
export class Page {
  /** Errors and warnings of the console, and uncaught exceptions. */
  readonly complaints: string[] = [];
  /** Addresses that were asked for, the page's own file aside. */
  readonly requests: string[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly session: string,
  ) {}

  async begin(): Promise<void> {
    this.browser.listen(({ sessionId, method, params }) => {
      if (sessionId === this.session) this.note(method ?? '', params ?? {});
    });
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.call(`${domain}.enable`);
  }

  private note(method: string, params: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify(params);
    if (method === 'Runtime.exceptionThrown') this.complaints.push(text);
    if (method === 'Runtime.consoleAPICalled' && (params.type === 'error' || params.type === 'warning'))
      this.complaints.push(text);
    if (method === 'Log.entryAdded') this.complaints.push(text);
    if (method === 'Network.requestWillBeSent') {
      const { url } = params.request as { readonly url: string };
      if (!url.startsWith('data:')) this.requests.push(url);
    }
  }

  /** Opens an address and waits until it is there. */
  async open(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      const stop = this.browser.listen(({ sessionId, method }) => {
        if (sessionId !== this.session || method !== 'Page.loadEventFired') return;
        stop();
        resolve();
      });
    });
    await this.call('Page.navigate', { url });
    await loaded;
  }

  /** How wide the window is, in CSS pixels, and which colours the reader prefers. */
  async look(width: number, scheme: 'light' | 'dark' = 'light', media: 'screen' | 'print' = 'screen'): Promise<void> {
    await this.call('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.call('Emulation.setEmulatedMedia', {
      media,
      features: [
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ],
    });
  }

  /** Evaluates an expression in the page; promises are waited for. @throws Error with the page's exception */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.call('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: T }; exceptionDetails?: { text: string; exception?: { description?: string } } };
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** A picture of the page as PNG. @param clip in CSS pixels; the whole page without */
  async picture(clip?: { x: number; y: number; width: number; height: number }): Promise<Buffer> {
    const whole = await this.evaluate<{ width: number; height: number }>(
      '({width: document.documentElement.clientWidth, height: document.documentElement.scrollHeight})',
    );
    const { data } = await this.call('Page.captureScreenshot', {
      captureBeyondViewport: true,
      clip: { ...(clip ?? { x: 0, y: 0, ...whole }), scale: 1 },
    });
    return Buffer.from(String(data), 'base64');
  }

  private call(method: string, params: object = {}): Promise<Result> {
    return this.browser.call(method, params, this.session);
  }
}
