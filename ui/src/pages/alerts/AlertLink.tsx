/** An alert's own address: it leads to the page of its SLO, with the alert open. */
import { Center, Loader } from '@mantine/core';
import { Navigate, useParams } from '@tanstack/react-router';
import { useAlert } from '../../api/alerts';
import { Problem } from '../../parts/Problem';

export function AlertLink() {
  const { id } = useParams({ from: '/signed-in/alerts/$id' });
  const alert = useAlert(id);
  if (alert.isError)
    return <Problem error={alert.error} what="The alert" retry={() => void alert.refetch()} />;
  if (alert.data === undefined)
    return (
      <Center py="xl">
        <Loader aria-label="Loading the alert" />
      </Center>
    );
  return (
    <Navigate to="/slos/$name" params={{ name: alert.data.slo }} search={{ alert: id }} replace />
  );
}
