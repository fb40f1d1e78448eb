import { generateSchema } from '../../local/cloudformation/schema/generate';
import committed from '../../local/cloudformation/schema/resource-types.json';

it('The properties of resource types are those of the specification that the CDK ships', () => {
  // When it differs: node --import tsx local/cloudformation/schema/generate.ts
  expect(generateSchema()).toEqual(committed);
});
