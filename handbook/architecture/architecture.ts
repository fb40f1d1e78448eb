import { drawArchitecture } from './draw';
import { PICTURED, templateOf } from './environment-template';
import { pictureOf } from './model';

/** docs/architecture.svg as the template of prod says it has to be. @throws UnknownTypeError */
export function architecture(): string {
  return drawArchitecture(pictureOf(`Sparkify-${PICTURED}`, templateOf(PICTURED)));
}
