/** The burn and the bad events around an alert, with what was deployed. */
import { useNavigate } from '@tanstack/react-router';
import type { Span } from '../../api/slos';
import type { Slo } from '../../api/types';
import { iso, zoomed } from '../../app/range';
import { useAskWhy } from '../../parts/Figure';
import { SloPanels } from '../../parts/SloPanels';

export function Panels({ slo, span }: { slo: Slo; span: Span }) {
  const ask = useAskWhy();
  const navigate = useNavigate();
  const zoom = ({ from, to }: { from: number; to: number }) =>
    void navigate({
      to: '/slos/$name',
      params: { name: slo.name },
      search: zoomed(from, to),
    });
  return (
    <SloPanels
      slo={slo}
      span={span}
      only={['burn', 'bad']}
      cols={{ base: 1, md: 1 }}
      height={150}
      bare
      onZoom={zoom}
      onBack={() => undefined}
      onPick={(at) => ask(iso(at * 1000))}
    />
  );
}
