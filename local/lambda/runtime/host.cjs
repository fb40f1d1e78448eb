/**
 * One Lambda execution environment: loads the handler, then answers one invocation after another over IPC.
 * Standard output and error are the log stream's file, so that lines stay in order and survive a kill.
 * Messages in: {type: 'invoke', requestId, payload, context, remainingMs}. Messages out: {type: 'ready'},
 * {type: 'initFailed', error}, {type: 'done', payload | error, memoryMb}. Errors are as the Node.js runtime shapes them.
 */
const path = require('node:path');
const fs = require('node:fs');
const util = require('node:util');
const { pathToFileURL } = require('node:url');

const send = process.send.bind(process);
let current;

process.on('disconnect', () => process.exit(1));
process.on('uncaughtException', (error) => crash(shape(error)));
process.on('unhandledRejection', (reason) =>
  crash({ ...shape(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) }),
);

for (const level of ['trace', 'debug', 'info', 'warn', 'error']) {
  console[level] = (...values) => writeLog(level.toUpperCase(), values);
}
console.log = console.info;

load().then(
  (handler) => {
    process.on('message', (message) => invoke(handler, message));
    send({ type: 'ready' });
  },
  (error) => send({ type: 'initFailed', error: error.lambda ?? shape(error) }, () => process.exit(1)),
);

function writeLog(level, values) {
  const requestId = current?.requestId ?? 'undefined';
  fs.writeSync(1, `${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(...values)}\n`);
}

async function load() {
  const name = process.env._HANDLER;
  const dot = name.lastIndexOf('.');
  if (dot < 1) throw failure('Runtime.MalformedHandlerName', 'Bad handler');
  const module = await loadModule(path.resolve(process.env.LAMBDA_TASK_ROOT, name.slice(0, dot)));
  const exported = name.slice(dot + 1);
  const handler = module[exported] ?? module.default?.[exported];
  if (handler === undefined) throw failure('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw failure('Runtime.HandlerNotFound', `${name} is not a function`);
  return handler;
}

async function loadModule(base) {
  const file = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`].find((name) =>
    fs.statSync(name, { throwIfNoEntry: false })?.isFile(),
  );
  if (!file) {
    const shown = path.basename(base);
    throw failure('Runtime.ImportModuleError', `Error: Cannot find module '${shown}'`);
  }
  if (file.endsWith('.mjs')) return import(pathToFileURL(file).href);
  try {
    return require(file);
  } catch (error) {
    if (error?.code === 'ERR_REQUIRE_ESM') return import(pathToFileURL(file).href);
    if (error?.code === 'MODULE_NOT_FOUND') throw failure('Runtime.ImportModuleError', String(error));
    if (error instanceof SyntaxError) throw failure('Runtime.UserCodeSyntaxError', String(error));
    throw error;
  }
}

async function invoke(handler, message) {
  if (message.type !== 'invoke') return;
  current = { requestId: message.requestId };
  const deadline = Date.now() + message.remainingMs;
  const context = { ...message.context, getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) };
  const invocation = current;
  try {
    const result = await call(handler, JSON.parse(message.payload), context);
    finish(invocation, { payload: serialize(result) });
  } catch (error) {
    const shaped = error?.lambda ?? shape(error);
    if (invocation === current) writeLog('ERROR', ['Invoke Error', JSON.stringify(shaped)]);
    finish(invocation, { error: shaped });
  }
}

/** Both kinds of handler: a promise, or a callback as third argument. */
function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const answer = handler(event, { ...context, callbackWaitsForEmptyEventLoop: true }, callback);
    if (answer && typeof answer.then === 'function') answer.then(resolve, reject);
    else if (handler.length < 3) resolve(answer);
  });
}

function serialize(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw failure('Runtime.MarshalError', `Unable to stringify response body: ${error}`);
  }
}

function finish(invocation, outcome) {
  if (invocation !== current) return;
  current = undefined;
  send({ type: 'done', ...outcome, memoryMb: Math.ceil(process.memoryUsage.rss() / 1048576) });
}

/** Nothing can be trusted after an error that nobody caught: the environment ends with it, as in AWS. */
function crash(error) {
  writeLog('ERROR', ['Uncaught Exception', JSON.stringify(error)]);
  const message = current ? { type: 'done', error, memoryMb: 0 } : { type: 'initFailed', error };
  current = undefined;
  send(message, () => process.exit(129));
}

function failure(errorType, errorMessage) {
  const error = new Error(errorMessage);
  error.lambda = { errorType, errorMessage, trace: [] };
  return error;
}

function shape(error) {
  if (error instanceof Error || util.types.isNativeError(error)) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
