{{/*
Connections to PostgreSQL, counted before they are opened: pods that may be there at once, the one more that an update
brings, times what a pod opens. Takes the root; gives the sum.
*/}}
{{- define "viche.connections" -}}
{{- $sum := 0 -}}
{{- range include "viche.databaseServices" . | fromYamlArray -}}
{{- $sum = add $sum (include "viche.connectionsOf" (get $.Values.services .)) -}}
{{- end -}}
{{- $sum -}}
{{- end }}

{{/* Connections that the pods of a service may open. Takes its values. */}}
{{- define "viche.connectionsOf" -}}
{{- mul (add1 (include "viche.mostReplicas" . | int)) (.pool | int) -}}
{{- end }}

{{/* Each service's part in the sum, for people: "petitions (6 + 1) × 8 = 56". Takes the root. */}}
{{- define "viche.connectionsSaid" -}}
{{- $parts := list -}}
{{- range include "viche.databaseServices" . | fromYamlArray -}}
{{- $own := get $.Values.services . -}}
{{- $most := include "viche.mostReplicas" $own -}}
{{- $part := printf "%s (%s + 1) × %d = %s" . $most ($own.pool | int) (include "viche.connectionsOf" $own) -}}
{{- $parts = append $parts $part -}}
{{- end -}}
{{- join ", " $parts -}}
{{- end }}
