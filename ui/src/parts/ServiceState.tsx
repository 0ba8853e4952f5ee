/** Where a service stands: as its gravest SLO. */
import type { Service } from '../api/types';
import { State, Status } from './Status';

interface Props {
  service: Service;
  /** Side by side, where there is a line for it. */
  inline?: boolean;
}

export function ServiceState({ service, inline = false }: Props) {
  if (service.slos.length === 0) return <span className="dim whole-words">No SLO</span>;
  return (
    <div className={inline ? 'states inline' : 'states'}>
      {(service.firing ?? 0) > 0 && <State code="firing" />}
      <Status status={service.status ?? 'unknown'} />
    </div>
  );
}
