/**
 * Drives @aws-cdk/toolkit-lib as a program of somebody's own would, in a process of its own:
 * `node toolkit.cjs ASSEMBLY`. Prints one line of JSON with what each step gave.
 */
const { Toolkit, StackSelectionStrategy, NonInteractiveIoHost } = require('@aws-cdk/toolkit-lib');

async function main(directory) {
  // Results are what the steps return; the toolkit's own lines would stand in their way.
  const toolkit = new Toolkit({ ioHost: new NonInteractiveIoHost({ logLevel: 'error', isTTY: false }) });
  const assembly = await toolkit.fromAssemblyDirectory(directory);
  const stacks = { strategy: StackSelectionStrategy.ALL_STACKS };
  const differing = async () =>
    Object.fromEntries(
      Object.entries(await toolkit.diff(assembly, { stacks })).map(([name, diff]) => [name, diff.differenceCount]),
    );
  const listed = await toolkit.list(assembly);
  const before = await differing();
  const deployed = await toolkit.deploy(assembly, { stacks });
  const after = await differing();
  const drift = await toolkit.drift(assembly, { stacks });
  const destroyed = await toolkit.destroy(assembly, { stacks });
  const result = {
    listed: listed.map(({ id }) => id),
    before,
    deployed: deployed.stacks.map(({ stackName, outputs }) => ({ stackName, outputs })),
    after,
    drifted: Object.fromEntries(Object.entries(drift).map(([name, one]) => [name, one.numResourcesWithDrift])),
    destroyed: destroyed.stacks.map(({ stackName }) => stackName),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

main(process.argv[2]).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
