/** An error as the SDK throws it. */
export function serviceError(name: string, httpStatusCode: number, message = `simulated ${name}`): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
