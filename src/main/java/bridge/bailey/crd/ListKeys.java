package bridge.bailey.crd;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The fields by which the entries of a list are told apart: no two are equal in all of them, and those who apply parts of a
 * list share it entry by entry ({@code x-kubernetes-list-type: map}). The generator of the CRD has no annotation for this.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface ListKeys {
    String[] value();
}
