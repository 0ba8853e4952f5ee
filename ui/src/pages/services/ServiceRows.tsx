/** The rows of services. */
import type { Listing } from '../../api/pages';
import type { Service } from '../../api/types';
import { count } from '../../app/format';
import { nameOf } from '../../app/words';
import { BudgetLeft } from '../../parts/BudgetLeft';
import { DataRows, type Column } from '../../parts/DataRows';
import { RowLink } from '../../parts/RowLink';
import { ServiceState } from '../../parts/ServiceState';

const COLUMNS: Column<Service>[] = [
  { head: 'Status', cell: (service) => <ServiceState service={service} />, width: 130 },
  { head: 'Service', cell: (service) => <Name service={service} /> },
  { head: 'Least budget left', cell: (service) => <Budget service={service} />, width: 170 },
  { head: 'Owner', cell: (service) => <Owner service={service} />, width: '18%' },
  { head: 'Tier', cell: (service) => service.tier ?? '–', right: true, width: 70 },
  { head: 'SLOs', cell: (service) => count(service.slos.length), right: true, width: 80 },
  { head: 'Calls', cell: (service) => count(service.depends_on.length), right: true, width: 80 },
];

const card = (service: Service) => <Card service={service} />;

export function ServiceRows({ list }: { list: Listing<Service> }) {
  return (
    <DataRows
      label="Services"
      items={list.items}
      keyOf={(service) => service.name}
      columns={COLUMNS}
      card={card}
      heights={{ row: 57, card: 108 }}
      rest={list}
    />
  );
}

function Card({ service }: { service: Service }) {
  return (
    <>
      <div className="card-line top">
        <Name service={service} />
        <ServiceState service={service} />
      </div>
      <div className="card-line">
        <Budget service={service} />
        <div className="card-facts">
          {service.owner ?? 'unowned'}
          {service.tier != null && ` · tier ${service.tier}`}
          <br />
          {service.slos.length === 1 ? '1 SLO' : `${count(service.slos.length)} SLOs`}
        </div>
      </div>
    </>
  );
}

function Name({ service }: { service: Service }) {
  return (
    <div className="row-name">
      <RowLink to="/services/$name" params={{ name: service.name }}>
        {nameOf(service)}
      </RowLink>
      {service.description != null && (
        <div className="row-note one-line">{service.description}</div>
      )}
    </div>
  );
}

function Budget({ service }: { service: Service }) {
  if (service.slos.length === 0) return <div className="dim">nothing promised</div>;
  return <BudgetLeft slo={service} />;
}

function Owner({ service }: { service: Service }) {
  if (service.owner != null) return <>{service.owner}</>;
  return <div className="warned">unowned</div>;
}
